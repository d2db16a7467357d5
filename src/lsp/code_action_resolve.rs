//! `codeAction/resolve`: the edits that are only worth working out once somebody chose them.

use crate::answer::Snapshot;
use crate::edit::{difference, document_edit, text_edit};
use crate::protocol::{CodeAction, CodeActionDisabled, Edit, SnippetTextEdit, StringValue, Uri, WorkspaceEdit};
use crate::waive::{self, REASON};
use plimsoll_finding::Finding;
use serde::{Deserialize, Serialize};

/// What is left to work out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Later {
    /// The document, under the name that requests have it by.
    uri: Uri,
    version: Option<i32>,
    what: What,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    FixAll,
    /// The rule, and the first byte of what it flags.
    Waive(String, u32),
}

impl Later {
    pub(crate) fn fix_all(snapshot: &Snapshot) -> Self {
        Self { uri: snapshot.document.uri.clone(), version: snapshot.document.version, what: What::FixAll }
    }

    pub(crate) fn waive(snapshot: &Snapshot, finding: &Finding) -> Self {
        let what = What::Waive(finding.rule.to_string(), finding.at.range.start.offset);
        Self { uri: snapshot.document.uri.clone(), version: snapshot.document.version, what }
    }
}

pub(crate) fn answer(snapshot: &Snapshot, action: CodeAction) -> CodeAction {
    match action.data.clone().and_then(|data| serde_json::from_value::<Later>(data).ok()) {
        Some(later) => resolve(snapshot, action, &later),
        None => action,
    }
}

/// The action with its edit; without one, and with the reason, if there is none.
pub(crate) fn resolve(snapshot: &Snapshot, mut action: CodeAction, later: &Later) -> CodeAction {
    if later.version != snapshot.document.version {
        return disabled(action, "the document has changed since");
    }
    let Some(probe) = &snapshot.probe else { return disabled(action, "the document is not judged") };
    match &later.what {
        What::FixAll => {
            let Some(new) = probe.fix_all() else { return disabled(action, "nothing is left to fix") };
            let edits = difference(&snapshot.client, &snapshot.document, &new);
            action.edit = Some(document_edit(&snapshot.client, &snapshot.document, edits));
        }
        What::Waive(rule, offset) => {
            let found = snapshot.report.findings.iter().find(|finding| *finding.rule == **rule && finding.at.range.start.offset == *offset);
            let Some(finding) = found else { return disabled(action, "the finding is gone") };
            let Some(waiver) = waive::waiver(&snapshot.document.text, finding, probe) else {
                return disabled(action, "no comment can stand here; add a [[waiver]] to plimsoll.toml");
            };
            action.edit = Some(waiver_edit(snapshot, &waiver));
        }
    }
    action
}

fn waiver_edit(snapshot: &Snapshot, waiver: &waive::Waiver) -> WorkspaceEdit {
    let (client, document) = (&snapshot.client, &snapshot.document);
    let range = document.range(waiver.at, waiver.at, client.encoding);
    if client.snippets && client.document_changes {
        // The reason is what the author is asked for next.
        let escaped = waiver.text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
        let snippet = StringValue::new(escaped.replacen(REASON, &format!("${{1:{REASON}}}"), 1));
        let edit = Edit::SnippetTextEdit(SnippetTextEdit { range, snippet, annotation_id: None });
        let change = text_edit(document.uri.clone(), document.version, vec![edit]);
        return WorkspaceEdit { document_changes: Some(vec![change]), ..WorkspaceEdit::default() };
    }
    document_edit(client, document, vec![crate::protocol::TextEdit { range, new_text: waiver.text.clone() }])
}

fn disabled(mut action: CodeAction, reason: &str) -> CodeAction {
    action.disabled = Some(CodeActionDisabled { reason: reason.to_owned() });
    action
}
