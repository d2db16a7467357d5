//! `textDocument/publishDiagnostics`, and `workspace/diagnostic/refresh` for clients that ask themselves.

use crate::diagnostic::{diagnostics, digest, values};
use crate::protocol::{Message, Notification, notification, value};
use crate::server::Server;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// What was told of a file last.
#[derive(Debug, Default)]
pub(crate) struct Published {
    version: Option<i32>,
    /// Stands for the diagnostics.
    digest: u64,
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
        let diagnostics = values(diagnostics(&server.client, &path, &text, &report, &|path| server.text(path)));
        let digest = digest(&diagnostics);
        let before = server.published.get(&path);
        if open && server.client.pulls {
            let pushed = before.is_some_and(|before| before.version.is_none());
            // The client asks by itself after an edit, but not when something else has changed the verdict.
            refresh |= before.is_some_and(|before| before.version == text.version && before.digest != digest);
            if pushed {
                server.send(notification("textDocument/publishDiagnostics", json!({"uri": text.uri, "diagnostics": []})));
            }
            server.published.insert(path, Published { version: text.version, digest });
            continue;
        }
        if before.is_some_and(|before| before.version == text.version && before.digest == digest) {
            continue;
        }
        let none = diagnostics.is_empty();
        let mut params = Map::new();
        params.insert("uri".to_owned(), value(text.uri));
        if let Some(version) = text.version.filter(|_| server.client.versions) {
            params.insert("version".to_owned(), version.into());
        }
        // As it is: a copy of many fixes costs more than judging them.
        params.insert("diagnostics".to_owned(), Value::Array(diagnostics));
        server.send(Message::Notification(Notification { method: "textDocument/publishDiagnostics".to_owned(), params: params.into() }));
        if open || !none {
            server.published.insert(path, Published { version: text.version, digest });
        } else {
            server.published.remove(&path);
        }
    }
    if refresh {
        server.ask("workspace/diagnostic/refresh", ());
    }
}
