//! `textDocument/publishDiagnostics`, and `workspace/diagnostic/refresh` for clients that ask themselves.

use crate::diagnostic::diagnostics;
use crate::protocol::{Diagnostic, PublishDiagnosticsParams, notification};
use crate::server::Server;
use std::path::PathBuf;

/// What was told of a file last.
#[derive(Debug, Default)]
pub(crate) struct Published {
    version: Option<i32>,
    diagnostics: Vec<Diagnostic>,
}

/// Tells what has changed. Of a file nothing is said until its present text is judged: a verdict on half of what it depends on would be
/// no verdict.
pub(crate) fn publish(server: &mut Server) {
    let changed = server.session.take_changed();
    server.due.extend(changed);
    let due: Vec<PathBuf> = {
        let session = &server.session;
        server.due.extract_if(.., |path| session.is_settled(path)).collect()
    };
    let mut refresh = false;
    for path in due {
        let open = server.documents.contains_key(&path);
        let report = server.session.report(&path);
        if !open && report.findings.is_empty() && report.notices.is_empty() && !server.published.contains_key(&path) {
            continue;
        }
        let text = server.text(&path);
        let diagnostics = diagnostics(&server.client, &path, &text, &report, &|path| server.text(path));
        let before = server.published.get(&path);
        if open && server.client.pulls {
            let pushed = before.is_some_and(|before| before.version.is_none());
            // The client asks by itself after an edit, but not when something else has changed the verdict.
            refresh |= before.is_some_and(|before| before.version == text.version && before.diagnostics != diagnostics);
            if pushed {
                server.send(notification(
                    "textDocument/publishDiagnostics",
                    PublishDiagnosticsParams { uri: text.uri, version: None, diagnostics: vec![] },
                ));
            }
            server.published.insert(path, Published { version: text.version, diagnostics });
            continue;
        }
        if before.is_some_and(|before| before.version == text.version && before.diagnostics == diagnostics) {
            continue;
        }
        let params = PublishDiagnosticsParams {
            uri: text.uri,
            version: text.version.filter(|_| server.client.versions),
            diagnostics: diagnostics.clone(),
        };
        server.send(notification("textDocument/publishDiagnostics", params));
        if open || !diagnostics.is_empty() {
            server.published.insert(path, Published { version: text.version, diagnostics });
        } else {
            server.published.remove(&path);
        }
    }
    if refresh {
        server.ask("workspace/diagnostic/refresh", ());
    }
}
