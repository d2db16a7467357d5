//! Maps that Compose also takes as a list: `- KEY=value`, `- name`.

use crate::render::{Changes, Dropped, Sink};
use crate::text::{line_end, line_start, next_line};
use crate::yaml::{bare_text, dash_of, insert_lines};
use crate::yaml_value::scalar_text;
use plimsoll_document::{Kind, Node, Span};
use serde_json::{Map, Value};

/// Whether a map is written as a list.
pub(crate) fn is_list_form(sink: &Sink<'_>, node: Option<Node<'_>>) -> bool {
    let Some(node) = node.filter(|node| node.kind() == Kind::Map && !node.is_empty()) else { return false };
    let span = node.span();
    let Some(text) = sink.text(span.source).get(span.start as usize..) else { return false };
    text.starts_with('[') || text.starts_with("- ") || text.starts_with("-\n") || text.starts_with("-\r")
}

/// Adds entries as items.
pub(crate) fn add(sink: &mut Sink<'_>, changes: &Changes<'_>, node: Node<'_>, entries: &Map<String, Value>) -> Result<(), Dropped> {
    let span = node.span();
    let text = sink.text(span.source);
    let mut items = vec![];
    for (key, value) in entries {
        let item = match value {
            Value::Null => key.clone(),
            Value::Bool(_) | Value::Number(_) => format!("{key}={value}"),
            Value::String(value) => format!("{key}={}", bare_text(value)?),
            Value::Array(_) | Value::Object(_) => return Err(Dropped::new("the map is written as a list, which has no place for it")),
        };
        items.push(scalar_text(&item));
    }
    let inside =
        |child: &Node<'_>| child.span().source == span.source && span.contains(child.span()) && !changes.is_removed(child.target().index());
    let last = node.children().filter(inside).max_by_key(|child| child.span().end);
    if text[span.start as usize..].starts_with('[') {
        if items.iter().any(|item| item.contains(['[', ']', ','])) {
            return Err(Dropped::new("the new text cannot stand there without quotes"));
        }
        // The items of a flow list are not spanned, only what they say: the bracket is the one place that is sure.
        let separator = if last.is_some() { ", " } else { "" };
        sink.insert(span.source, span.start as usize + 1, items.join(", ") + separator);
        return Ok(());
    }
    let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
    insert_lines(sink, node, last.ok_or_else(|| Dropped::new("the list is written nowhere"))?, &items, true)
}

/// Takes an item out that has lines of its own.
pub(crate) fn remove(sink: &mut Sink<'_>, node: Node<'_>, parent: Node<'_>) -> Result<(), Dropped> {
    let (span, list) = (node.span(), parent.span());
    let text = sink.text(list.source);
    let is_item = span.source == list.source && !text[list.start as usize..].starts_with('[');
    let dash = if is_item { dash_of(text, list, span.start as usize) } else { None };
    let dash = dash.ok_or_else(|| Dropped::new("the item cannot be told from its neighbours"))?;
    let first = dash == list.start as usize && text[line_start(text, dash)..dash].bytes().any(|byte| byte != b' ');
    if first {
        return Err(Dropped::new("the item shares its line"));
    }
    let end = next_line(text, line_end(text, span.end as usize));
    sink.replace(Span::new(list.source, line_start(text, dash) as u32, end as u32), "");
    Ok(())
}
