//! What a document says, as JSON, and what edits must not do.

use crate::support::Project;
use plimsoll_document::{Document, Kind, Node};
use plimsoll_fix::{Rendered, TextEdit};
use serde_json::{Map, Value, json};

/// A node as JSON, what the host worked out left out. All numbers are doubles.
pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Bool => json!(node.as_bool().unwrap()),
        Kind::Number => json!(node.as_f64().unwrap()),
        Kind::String => json!(node.as_str().unwrap()),
        Kind::List => node.children().map(value).collect(),
        Kind::Map => {
            let own = node.children().filter(|child| child.key() != "facts");
            own.map(|child| (child.key().to_owned(), value(child))).collect::<Map<_, _>>().into()
        }
        Kind::Unknown => json!({"$unknown": true}),
        Kind::Null | Kind::Ref => Value::Null,
    }
}

/// JSON whose numbers are doubles, and whose maps have no order.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.into_iter().collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// A document as JSON that can be compared.
pub(crate) fn said(document: &Document) -> Value {
    plain(&value(document.doc().root()))
}

/// Every node that is written, by its path of keys and positions, what the host worked out left out.
pub(crate) fn written<'a>(document: &'a Document) -> Vec<(String, Node<'a>)> {
    let mut found = vec![];
    let mut open = vec![(String::new(), document.doc().root())];
    while let Some((path, node)) = open.pop() {
        if node.is_ref() || node.key() == "facts" {
            continue;
        }
        for (at, child) in node.children().enumerate() {
            let step = if child.key().is_empty() { at.to_string() } else { child.key().to_owned() };
            open.push((format!("{path}/{step}"), child));
        }
        found.push((path, node));
    }
    found.sort_by_key(|(_, node)| node.index());
    found
}

/// Fails unless the edits are in order, apart and inside their files.
pub(crate) fn sound(before: &Project, rendered: &Rendered) -> Result<(), String> {
    for pair in rendered.edits.windows(2) {
        if let [TextEdit { path: one, range: Some((_, end)), .. }, TextEdit { path: other, range: Some((start, _)), .. }] = pair
            && one == other
            && end > start
        {
            return Err(format!("edits overlap: {pair:?}"));
        }
    }
    for edit in &rendered.edits {
        let (start, end) = edit.range.unwrap();
        let text = before.texts.0.get(&edit.path).ok_or_else(|| format!("no such file: {edit:?}"))?;
        if text.get(start as usize..end as usize).is_none() {
            return Err(format!("the place is not in the file: {edit:?}"));
        }
    }
    Ok(())
}

/// Line ends of a text: (of one kind, of the other).
pub(crate) fn line_ends(text: &str) -> (usize, usize) {
    let both = text.matches("\r\n").count();
    (both, text.matches('\n').count() - both)
}
