//! `textDocument/diagnostic`: diagnostics for a client that asks.

use crate::answer::Snapshot;
use crate::diagnostic::{diagnostics, digest, values};
use crate::protocol::DocumentDiagnosticParams;
use serde_json::{Value, json};

pub(crate) fn answer(snapshot: &Snapshot, params: DocumentDiagnosticParams) -> Value {
    let items = diagnostics(&snapshot.client, &snapshot.path, &snapshot.document, &snapshot.report, &|path| snapshot.text(path));
    let items = values(items);
    let id = format!("{:016x}", digest(&items));
    if params.previous_result_id.as_ref() == Some(&id) {
        return json!({"kind": "unchanged", "resultId": id});
    }
    json!({"kind": "full", "resultId": id, "items": items})
}
