//! YAML and JSON: edits on the lines of block style and between the brackets of flow style.

use crate::render::{Changes, Dropped, Sink};
use crate::text::{column, indent_of, line_end, line_start, newline, next_line, starts_line};
use crate::yaml_value::{Layout, block_after_key, block_entry, block_item, flow, like};
use crate::{literal, short};
use plimsoll_document::{Flags, Kind, Node, Span};
use serde_json::{Map, Value};

pub(crate) fn render(sink: &mut Sink<'_>, changes: &Changes<'_>) -> Result<(), Dropped> {
    let plan = changes.plan();
    for (node, value) in changes.of(&plan.replaced) {
        let node = there(sink, node)?;
        replace(sink, node, value)?;
    }
    for (node, entries) in changes.of(&plan.added) {
        let node = there(sink, node)?;
        add(sink, node, entries)?;
    }
    for (node, items) in changes.of(&plan.appended) {
        let list = there(sink, node)?;
        if list.kind() == Kind::Null {
            set_null(sink, list, &Value::Array(items.clone()))?;
            continue;
        }
        insert_items(sink, list, list.children().last(), items, true)?;
    }
    for (before, map) in [(true, &plan.before), (false, &plan.after)] {
        for (node, items) in changes.of(map) {
            let item = there(sink, node)?;
            let list = item.parent().ok_or_else(|| Dropped::new("the root is no list item"))?;
            insert_items(sink, list, Some(item), items, !before)?;
        }
    }
    for (node, name) in changes.of(&plan.renamed) {
        let node = there(sink, node)?;
        let at = node.key_span().ok_or_else(|| Dropped::new("the key is written nowhere"))?;
        let json = sink.is_json(at.source);
        let old = node.doc().slice(at);
        sink.replace(at, like(old, name, json));
    }
    remove_all(sink, changes)
}

/// A node that is written where it stands.
pub(crate) fn there<'a>(sink: &Sink<'a>, node: u32) -> Result<Node<'a>, Dropped> {
    let node = sink.node(node).ok_or_else(|| Dropped::new("no such node"))?.target();
    if node.flags().has(Flags::FROM_ANCHOR) {
        return Err(Dropped::new("it comes through a yaml alias or merge key; change it where the anchor is"));
    }
    Ok(node)
}

fn layout<'t>(sink: &Sink<'_>, text: &'t str, indent: usize) -> Layout<'t> {
    let doc = sink.document.doc();
    let (mut step, mut dash) = (None, None);
    for index in 0..doc.node_count() {
        let Some(node) = doc.node(index) else { break };
        let (Some(key), Some(child)) = (node.key_span(), node.children().next()) else { continue };
        if key.source != node.span().source || sink.text(key.source).len() != text.len() || node.is_ref() {
            continue;
        }
        match (node.kind(), child.key_span()) {
            (Kind::Map, Some(inner)) if starts_line(text, inner.start as usize) => {
                let deeper = column(text, inner.start as usize).checked_sub(column(text, key.start as usize));
                step = step.or(deeper.filter(|step| (1..=8).contains(step)));
            }
            (Kind::List, _) if text.as_bytes().get(node.span().start as usize) == Some(&b'-') => {
                dash = dash.or(column(text, node.span().start as usize).checked_sub(column(text, key.start as usize)));
            }
            _ => {}
        }
        if step.is_some() && dash.is_some() {
            break;
        }
    }
    let step = step.unwrap_or(2);
    Layout { indent, step, dash: dash.unwrap_or(step), newline: newline(text) }
}

fn opens_flow(text: &str, span: Span) -> bool {
    matches!(text.as_bytes().get(span.start as usize), Some(b'{' | b'['))
}

fn replace(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    if short::is_short(node.parent()) {
        return short::set(sink, node, value);
    }
    let span = node.span();
    if node.kind() == Kind::Null && span.is_empty() {
        return set_null(sink, node, value);
    }
    let text = sink.text(span.source);
    match node.kind() {
        Kind::Map | Kind::List if !opens_flow(text, span) => {
            // A block container is replaced together with the line break after its key.
            let key = node.key_span().ok_or_else(|| Dropped::new("a list item that is a block cannot be replaced"))?;
            let layout = layout(sink, text, column(text, key.start as usize));
            let mut out = String::new();
            block_after_key(&mut out, value, layout);
            let colon = text[key.end as usize..].find(':').map_or(key.end as usize, |at| key.end as usize + at + 1);
            sink.replace(Span::new(span.source, colon as u32, span.end), out);
        }
        Kind::Map | Kind::List => sink.replace(span, flow(value, sink.is_json(span.source))),
        _ => {
            let literal = literal::of(node)?;
            if literal.shared {
                sink.mark_shared();
            }
            let text = sink.text(literal.at.source);
            let old = &text[literal.at.start as usize..literal.at.end as usize];
            let json = sink.is_json(literal.at.source);
            let new = match value {
                Value::String(new) if literal.at != span => new.clone(),
                Value::String(new) => like(old, new, json),
                other => flow(other, json),
            };
            sink.replace(literal.at, new);
        }
    }
    Ok(())
}

/// Writes a value behind a key that has none.
fn set_null(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    let key = node.key_span().ok_or_else(|| Dropped::new("an empty list item cannot be written to"))?;
    let text = sink.text(key.source);
    let span = node.span();
    let mut out = String::new();
    block_after_key(&mut out, value, layout(sink, text, column(text, key.start as usize)));
    if !span.is_empty() {
        // A written null (`~`): the white space before it goes too.
        let start = text[..span.start as usize].trim_end_matches([' ', '\t']).len();
        sink.replace(Span::new(span.source, start as u32, span.end), out);
    } else if out.contains('\n') {
        sink.insert(span.source, line_end(text, span.start as usize), out);
    } else {
        sink.insert(span.source, span.start as usize, out);
    }
    Ok(())
}

fn add(sink: &mut Sink<'_>, node: Node<'_>, entries: &Map<String, Value>) -> Result<(), Dropped> {
    if short::is_short(Some(node)) {
        return entries.iter().try_for_each(|(key, value)| short::add(sink, node, key, value));
    }
    if node.kind() == Kind::Null {
        return set_null(sink, node, &Value::Object(entries.clone()));
    }
    // A merged map has one site per file; new keys go where the first of them writes it.
    let span = node.span();
    let text = sink.text(span.source);
    if opens_flow(text, span) {
        add_flow(sink, node, text, entries);
        return Ok(());
    }
    let written = |child: &Node<'_>| {
        child.key_span().is_some_and(|key| key.source == span.source && span.contains(key)) && !child.flags().has(Flags::FROM_ANCHOR)
    };
    let last =
        node.children().filter(written).max_by_key(|child| child.span().end).ok_or_else(|| Dropped::new("the map is written nowhere"))?;
    let first = node.children().filter(written).filter_map(Node::key_span).min_by_key(|key| key.start).unwrap_or_default();
    let layout = layout(sink, text, column(text, first.start as usize));
    let end = last.span().end.max(last.key_span().map_or(0, |key| key.end));
    let mut out = String::new();
    for (key, value) in entries {
        out.push_str(layout.newline);
        out.extend(std::iter::repeat_n(' ', layout.indent));
        block_entry(&mut out, key, value, layout);
    }
    sink.insert(span.source, line_end(text, end as usize), out);
    Ok(())
}

fn add_flow(sink: &mut Sink<'_>, node: Node<'_>, text: &str, entries: &Map<String, Value>) {
    let span = node.span();
    let json = sink.is_json(span.source);
    let items = entries.iter().map(|(key, value)| {
        let key = if json { Value::String(key.clone()).to_string() } else { crate::yaml_value::scalar_text(key) };
        format!("{key}: {}", flow(value, json))
    });
    insert_in_flow(sink, text, span, node.children().last(), &items.collect::<Vec<_>>(), true);
}

/// Puts items into `[…]` or `{…}` behind or before `neighbour`, on lines of their own where the neighbour has one.
fn insert_in_flow(sink: &mut Sink<'_>, text: &str, list: Span, neighbour: Option<Node<'_>>, items: &[String], after: bool) {
    let Some(neighbour) = neighbour else {
        sink.insert(list.source, list.start as usize + 1, items.join(", "));
        return;
    };
    let start = neighbour.key_span().map_or(neighbour.span().start, |key| key.start) as usize;
    let end = neighbour.span().end as usize;
    let separator = if starts_line(text, start) { format!(",{}{}", newline(text), indent_of(text, start)) } else { ", ".to_owned() };
    let joined = items.join(&separator);
    if after {
        sink.insert(list.source, end, format!("{separator}{joined}"));
    } else {
        sink.insert(list.source, start, format!("{joined}{separator}"));
    }
}

fn insert_items(sink: &mut Sink<'_>, list: Node<'_>, neighbour: Option<Node<'_>>, items: &[Value], after: bool) -> Result<(), Dropped> {
    let span = list.span();
    let text = sink.text(span.source);
    if opens_flow(text, span) {
        let json = sink.is_json(span.source);
        let items: Vec<String> = items.iter().map(|item| flow(item, json)).collect();
        insert_in_flow(sink, text, span, neighbour, &items, after);
        return Ok(());
    }
    if text.as_bytes().get(span.start as usize) != Some(&b'-') {
        return Err(Dropped::new("the list is not written as one"));
    }
    let neighbour = neighbour.ok_or_else(|| Dropped::new("the list is empty"))?;
    let layout = layout(sink, text, column(text, span.start as usize));
    let mut out = String::new();
    let pad = " ".repeat(layout.indent);
    for item in items {
        let mut one = String::new();
        block_item(&mut one, item, layout);
        out.push_str(&if after { format!("{}{pad}{one}", layout.newline) } else { format!("{pad}{one}{}", layout.newline) });
    }
    let at = if after { line_end(text, neighbour.span().end as usize) } else { line_start(text, neighbour.span().start as usize) };
    sink.insert(span.source, at, out);
    Ok(())
}

fn remove_all(sink: &mut Sink<'_>, changes: &Changes<'_>) -> Result<(), Dropped> {
    for index in changes.removed() {
        let node = there(sink, index)?;
        let Some(parent) = node.parent() else { return Err(Dropped::new("the whole document cannot be removed")) };
        if short::is_short(Some(parent)) {
            return Err(Dropped::new("it is part of a short form"));
        }
        let left = parent.children().filter(|child| !changes.is_removed(child.target().index())).count();
        if left == 0 {
            // The first removed sibling speaks for all.
            if parent.children().next().is_some_and(|first| first.target().index() == index) {
                let parent_span = parent.span();
                let text = sink.text(parent_span.source);
                if opens_flow(text, parent_span) {
                    let empty = if parent.kind() == Kind::List { "[]" } else { "{}" };
                    sink.replace(parent_span, empty);
                } else {
                    replace(sink, parent, &if parent.kind() == Kind::List { Value::Array(vec![]) } else { Value::Object(Map::new()) })?;
                }
            }
            continue;
        }
        remove_one(sink, node, parent);
    }
    Ok(())
}

fn remove_one(sink: &mut Sink<'_>, node: Node<'_>, parent: Node<'_>) {
    let span = node.span();
    let text = sink.text(span.source);
    let start = node.key_span().map_or(span.start, |key| key.start) as usize;
    let end = span.end as usize;
    if opens_flow(text, parent.span()) {
        let rest = &text[end..];
        let comma = rest.len() - rest.trim_start().len();
        if rest[comma..].starts_with(',') {
            let after = comma + 1;
            let skip = after + (rest[after..].len() - rest[after..].trim_start_matches([' ', '\t']).len());
            sink.replace(Span::new(span.source, start as u32, (end + skip) as u32), "");
        } else {
            let before = text[..start].trim_end();
            let from = before.strip_suffix(',').map_or(before.len(), str::len);
            sink.replace(Span::new(span.source, from as u32, end as u32), "");
        }
        return;
    }
    // A list item starts at its dash.
    let start = if node.key_span().is_none() { text[..start].rfind('-').unwrap_or(start) } else { start };
    if starts_line(text, start) {
        sink.replace(Span::new(span.source, line_start(text, start) as u32, next_line(text, end) as u32), "");
    } else {
        // The first entry of a list item stands behind the dash: the next entry moves up to it.
        let next = text[next_line(text, end)..].find(|c: char| !c.is_whitespace()).map_or(text.len(), |at| next_line(text, end) + at);
        sink.replace(Span::new(span.source, start as u32, next as u32), "");
    }
}
