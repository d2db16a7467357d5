//! Edits of files as the client takes them.

use crate::client::Client;
use crate::document::Text;
use crate::protocol::{
    CreateFile, CreateFileOptions, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, Position, Range, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use crate::uri;
use similar::{DiffOp, TextDiff};
use std::collections::BTreeMap;
use std::path::Path;

/// A fix's edits; `None` if they create a file and the client cannot.
pub(crate) fn workspace_edit(client: &Client, edits: &[plimsoll_finding::Edit], texts: &dyn Fn(&Path) -> Text) -> Option<WorkspaceEdit> {
    let mut by_file: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
    let mut changes = vec![];
    for edit in edits {
        let path = Path::new(&*edit.path);
        match edit.range {
            Some(range) => {
                let range = texts(path).range(range.start.offset, range.end.offset, client.encoding);
                by_file.entry(&edit.path).or_default().push(TextEdit { range, new_text: edit.text.clone() });
            }
            None if client.creates_files && client.document_changes => {
                let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) };
                changes.push(DocumentChange::CreateFile(CreateFile {
                    uri: uri::of_path(path),
                    options: Some(options),
                    annotation_id: None,
                }));
                let start = Range { start: Position::default(), end: Position::default() };
                by_file.entry(&edit.path).or_default().push(TextEdit { range: start, new_text: edit.text.clone() });
            }
            None => return None,
        }
    }
    if !client.document_changes {
        let changes = by_file.into_iter().map(|(path, edits)| (texts(Path::new(path)).uri, edits)).collect();
        return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
    }
    for (path, edits) in by_file {
        let text = texts(Path::new(path));
        changes.push(text_edit(text.uri, text.version, edits.into_iter().map(Edit::TextEdit).collect()));
    }
    Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
}

/// Edits of one document.
pub(crate) fn document_edit(client: &Client, text: &Text, edits: Vec<TextEdit>) -> WorkspaceEdit {
    if client.document_changes {
        let edits = edits.into_iter().map(Edit::TextEdit).collect();
        let change = text_edit(text.uri.clone(), text.version, edits);
        return WorkspaceEdit { document_changes: Some(vec![change]), ..WorkspaceEdit::default() };
    }
    WorkspaceEdit { changes: Some([(text.uri.clone(), edits)].into()), ..WorkspaceEdit::default() }
}

/// Edits of one version of one document, of any kind.
pub(crate) fn text_edit(uri: Uri, version: Option<i32>, edits: Vec<Edit>) -> DocumentChange {
    let text_document = OptionalVersionedTextDocumentIdentifier { version, text_document_identifier: TextDocumentIdentifier { uri } };
    DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits })
}

/// What makes one text of another, line by line: marks and folds of the untouched lines stay where they are.
pub(crate) fn difference(client: &Client, text: &Text, new: &str) -> Vec<TextEdit> {
    let starts = |text: &str| {
        let ends = text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at as u32)
        });
        std::iter::once(0).chain(ends).collect::<Vec<u32>>()
    };
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = (text.text.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let (old_starts, new_starts) = (starts(&text.text), starts(new));
    let diff = TextDiff::from_slices(&old_lines, &new_lines);
    let changed = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changed
        .map(|op| {
            let (from, to) = (op.old_range(), op.new_range());
            let range = text.range(old_starts[from.start], old_starts[from.end], client.encoding);
            TextEdit { range, new_text: new[new_starts[to.start] as usize..new_starts[to.end] as usize].to_owned() }
        })
        .collect()
}
