//! Compose short syntax: a fix that adds to `"5432:5432"` rewrites the short text.

use crate::render::{Dropped, Sink};
use crate::yaml::bare_text;
use crate::yaml_value::like;
use plimsoll_document::{Kind, Node, Span};
use serde_json::Value;

/// Whether a map is written as one scalar: none of its keys is in the text.
pub(crate) fn is_short(node: Option<Node<'_>>) -> bool {
    let spelled = |child: Node<'_>| {
        let key = child.key_span().map_or("", |at| child.doc().slice(at));
        !key.is_empty() && key.trim_matches(['"', '\'']) == child.key()
    };
    node.is_some_and(|node| {
        node.kind() == Kind::Map
            && node.parent().is_some()
            && !node.is_empty()
            && !node.source_text().is_empty()
            && !node.source_text().starts_with(['{', '[', '&', '*'])
            && !node.source_text().starts_with("- ")
            && !node.source_text().contains('\n')
            && !node.children().any(spelled)
    })
}

/// Adds an entry to a map in short form.
pub(crate) fn add(sink: &mut Sink<'_>, node: Node<'_>, key: &str, value: &Value) -> Result<(), Dropped> {
    let span = node.span();
    let text = node.source_text();
    let list = node.parent().map(Node::key).unwrap_or_default();
    let bare = text.trim_matches(['"', '\'']);
    let new = match (list, key, value) {
        ("ports", "host_ip", Value::String(ip)) if bare.contains(':') => format!("{ip}:{bare}"),
        ("volumes", "read_only", Value::Bool(true)) if bare.matches(':').count() == 1 => format!("{bare}:ro"),
        _ => return Err(Dropped::new(format!("`{key}` cannot be written in short form; use the long form"))),
    };
    let json = sink.is_json(span.source);
    let new = if text.starts_with(['"', '\'']) { like(text, &new, json) } else { format!("\"{new}\"") };
    sink.replace(span, new);
    Ok(())
}

/// Changes an entry of a map in short form, where its own bytes can be told.
pub(crate) fn set(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    let (Some(old), Some(parent)) = (node.as_str(), node.parent()) else { return Err(Dropped::new("it is part of a short form")) };
    let (Value::String(new), whole) = (value, parent.span()) else { return Err(Dropped::new("it is part of a short form")) };
    let span = node.span();
    let new = bare_text(new)?;
    if span != whole && node.source_text() == old {
        sink.replace(span, new);
        return Ok(());
    }
    let text = parent.source_text();
    if text.matches(old).count() != 1 || old.is_empty() {
        return Err(Dropped::new("its part of the short form cannot be told apart"));
    }
    let at = whole.start + text.find(old).unwrap_or_default() as u32;
    sink.replace(Span::new(whole.source, at, at + old.len() as u32), new);
    Ok(())
}
