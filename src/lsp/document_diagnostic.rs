//! `textDocument/diagnostic`: diagnostics for a client that asks.

use crate::answer::Snapshot;
use crate::diagnostic::diagnostics;
use crate::protocol::{DocumentDiagnosticParams, value};
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

pub(crate) fn answer(snapshot: &Snapshot, params: DocumentDiagnosticParams) -> Value {
    let items = diagnostics(&snapshot.client, &snapshot.path, &snapshot.document, &snapshot.report, &|path| snapshot.text(path));
    let items = value(items);
    let mut hasher = DefaultHasher::new();
    items.to_string().hash(&mut hasher);
    let id = format!("{:016x}", hasher.finish());
    if params.previous_result_id.as_ref() == Some(&id) {
        return json!({"kind": "unchanged", "resultId": id});
    }
    json!({"kind": "full", "resultId": id, "items": items})
}
