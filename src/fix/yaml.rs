//! YAML and JSON: edits on the lines of block style and between the brackets of flow style.

use crate::render::{Changes, Dropped, Sink};
use crate::text::{column, has_lone_return, indent_of, line_end, line_start, newline, next_line, starts_line};
use crate::yaml_list;
use crate::yaml_value::{Layout, block_after_key, block_entry, block_item, flow, like};
use crate::{literal, short};
use plimsoll_document::{Flags, Kind, Node, Role, Span};
use serde_json::{Map, Value};

pub(crate) fn render(sink: &mut Sink<'_>, changes: &Changes<'_>) -> Result<(), Dropped> {
    let plan = changes.plan();
    for (node, value) in changes.of(&plan.replaced) {
        let node = there(sink, node)?;
        replace(sink, node, value)?;
    }
    // What has nothing yet comes first: an entry beside it is put behind what it gets.
    let vacant = |node: Node<'_>| node.is_empty() || node.kind() == Kind::Null;
    for (node, items) in changes.of(&plan.appended) {
        let list = there(sink, node)?;
        if list.is_empty() {
            replace(sink, list, &Value::Array(items.clone()))?;
        }
    }
    for first in [true, false] {
        for (node, entries) in changes.of(&plan.added) {
            let node = there(sink, node)?;
            if vacant(node) == first && !emptied(changes, node) {
                add(sink, changes, node, entries)?;
            }
        }
    }
    for (before, map) in [(true, &plan.before), (false, &plan.after)] {
        for (node, items) in changes.of(map) {
            let item = there(sink, node)?;
            let list = item.parent().filter(|list| list.kind() == Kind::List).ok_or_else(|| Dropped::new("it is no item of a list"))?;
            if !emptied(changes, list) {
                insert_items(sink, list, Some(item), items, !before)?;
            }
        }
    }
    for (node, items) in changes.of(&plan.appended) {
        let list = there(sink, node)?;
        if !list.is_empty() && !emptied(changes, list) {
            // What other files append is not written here.
            let here = |item: &Node<'_>| item.span().source == list.span().source && !changes.is_removed(item.target().index());
            let last = list.children().filter(here).last();
            insert_items(sink, list, last, items, true)?;
        }
    }
    for (node, name) in changes.of(&plan.renamed) {
        let node = there(sink, node)?;
        let at = node.key_span().filter(|at| !at.is_empty()).ok_or_else(|| Dropped::new("the key is written nowhere"))?;
        let taken = |other: Node<'_>| {
            let renamed = plan.renamed.get(&(changes.document(), other.index()));
            other.index() != node.index() && renamed.map_or(other.key(), String::as_str) == name
        };
        if node.parent().is_some_and(|map| map.children().any(taken)) {
            return Err(Dropped::new("another entry has that name"));
        }
        let json = sink.is_json(at.source);
        let old = node.doc().slice(at);
        sink.replace(at, like(old, name, json));
    }
    remove_all(sink, changes)
}

/// Whether everything in a map or list is removed: [`remove_all`] writes what takes its place.
fn emptied(changes: &Changes<'_>, node: Node<'_>) -> bool {
    !node.is_empty() && node.children().all(|child| changes.is_removed(child.target().index()))
}

/// A node that is written where it stands.
pub(crate) fn there<'a>(sink: &Sink<'a>, node: u32) -> Result<Node<'a>, Dropped> {
    let node = sink.node(node).ok_or_else(|| Dropped::new("no such node"))?.target();
    if node.flags().has(Flags::FROM_ANCHOR) {
        return Err(Dropped::new("it comes through a yaml alias or merge key; change it where the anchor is"));
    }
    if has_lone_return(sink.text(node.span().source)) {
        return Err(Dropped::new("lines of the file end in carriage returns alone; write line feeds"));
    }
    Ok(node)
}

/// Nodes that are looked at to see how a file is indented. Every fix looks, so a long file must not be gone through each time.
const TELLING: u32 = 4_096;

/// How a source is indented. A map that several files write has entries in all of them, so that each place is asked whose it is.
pub(crate) fn layout<'t>(sink: &Sink<'t>, source: u32, indent: usize) -> Layout<'t> {
    let doc = sink.document.doc();
    let text = sink.text(source);
    let (mut step, mut dash) = (None, None);
    for index in 0..doc.node_count().min(TELLING) {
        let Some(node) = doc.node(index) else { break };
        let (Some(key), Some(child)) = (node.key_span(), node.children().next()) else { continue };
        if key.source != source || node.span().source != source || node.is_ref() {
            continue;
        }
        match (node.kind(), child.key_span()) {
            (Kind::Map, Some(inner)) if inner.source == source && starts_line(text, inner.start as usize) => {
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

pub(crate) fn opens_flow(text: &str, span: Span) -> bool {
    matches!(text.as_bytes().get(span.start as usize), Some(b'{' | b'['))
}

/// Whether it stands between brackets, as the value of a pair `[a: b]` does, whose map has none of its own.
fn in_flow(text: &str, node: Node<'_>) -> bool {
    let span = node.span();
    let holds = |above: &Node<'_>| above.span().source == span.source && above.span().contains(span);
    std::iter::successors(node.parent(), |above| above.parent()).take_while(holds).any(|above| opens_flow(text, above.span()))
}

fn replace(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    if short::is_short(node.parent()) {
        return short::set(sink, node, value);
    }
    let span = node.span();
    let text = sink.text(span.source);
    if let Some(object) = json_property(text, span).filter(|_| node.kind() == Kind::Map) {
        sink.replace(object, flow(value, true));
        return Ok(());
    }
    let in_flow = in_flow(text, node);
    if matches!(node.kind(), Kind::Map | Kind::List) {
        in_one_file(node)?;
    }
    match node.kind() {
        Kind::Null if span.is_empty() && in_flow => {
            let colon = colon_left_out(text, node)?;
            sink.insert(span.source, span.start as usize, format!("{colon} {}", flow(value, sink.is_json(span.source))));
            Ok(())
        }
        Kind::Null if span.is_empty() => replace_behind_key(sink, node, value),
        Kind::Map | Kind::List if !opens_flow(text, span) => replace_behind_key(sink, node, value),
        Kind::Map | Kind::List if node.is_empty() && node.key_span().is_some() && !in_flow && !sink.is_json(span.source) => {
            replace_behind_key(sink, node, value)
        }
        Kind::Null if node.key_span().is_some() && !in_flow && !sink.is_json(span.source) => replace_behind_key(sink, node, value),
        Kind::Map | Kind::List => {
            sink.replace(span, flow(value, sink.is_json(span.source)));
            Ok(())
        }
        _ => replace_scalar(sink, node, value),
    }
}

/// Fails on what several files write together: a change of one part leaves what the others say.
fn in_one_file(node: Node<'_>) -> Result<(), Dropped> {
    let source = node.span().source;
    let other = node.origin().any(|entry| entry.role == Role::Also && entry.at.source != source);
    if other { Err(Dropped::new("a part of it is written in another file")) } else { Ok(()) }
}

/// The longest key without a `?`, in bytes (YAML 1.2.2, 7.4.2).
const MAX_KEY: usize = 1024;

/// What has to stand before a value whose key has no colon yet, as that of `{ a }`.
fn colon_left_out(text: &str, node: Node<'_>) -> Result<&'static str, Dropped> {
    let Some(key) = node.key_span() else { return Ok("") };
    let between = text.get(key.end as usize..node.span().start as usize).unwrap_or_default();
    if between.lines().any(|line| line.split('#').next().is_some_and(|line| line.contains(':'))) {
        return Ok("");
    }
    let name = node.doc().slice(key);
    if name.contains(['\n', '\r']) || name.len() > MAX_KEY {
        return Err(Dropped::new("its key takes no colon: it has several lines or is too long"));
    }
    // The colon would become a part of the alias, or of the `?`.
    Ok(if name.is_empty() || name.starts_with('*') { " :" } else { ":" })
}

fn replace_scalar(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    let span = node.span();
    let literal = literal::of(node)?;
    if literal.shared {
        sink.mark_shared();
    }
    let text = sink.text(literal.at.source);
    let old = &text[literal.at.start as usize..literal.at.end as usize];
    let json = sink.is_json(literal.at.source);
    let uri = &sink.document.sources[literal.at.source as usize].uri;
    let variables = sink.document.target == "compose" && ![".yaml", ".yml", ".json"].iter().any(|ending| uri.ends_with(ending));
    let bare = variables || literal.at != span || yaml_list::is_list_form(sink, node.parent());
    let new = match value {
        Value::String(new) if bare => bare_text(new)?.to_owned(),
        Value::String(new) => like(old, new, json),
        other => flow(other, json),
    };
    // What is left out behind a tag, as in `!!str`, stands without a blank.
    let word = text[..literal.at.start as usize].rsplit([' ', '\t', '\n', '\r', '{', '[', ',']).next().unwrap_or_default();
    let blank = if literal.at == span && old.is_empty() && word.starts_with(['!', '&']) { " " } else { "" };
    sink.replace(literal.at, format!("{blank}{new}"));
    Ok(())
}

/// Text that means the same in any quoting, inside `${X:-…}` and behind `KEY=`.
pub(crate) fn bare_text(text: &str) -> Result<&str, Dropped> {
    let special = |c: char| c.is_control() || matches!(c, '"' | '\'' | '\\' | '{' | '}' | '$' | '#' | '`');
    if text.contains(special) || text.contains(": ") || text.trim() != text {
        return Err(Dropped::new("the new text cannot stand there without quotes"));
    }
    Ok(text)
}

/// Writes a value behind its key in block style, in place of what stands there. Comments behind the key stay.
fn replace_behind_key(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    let key = node.key_span().ok_or_else(|| Dropped::new("a list item that is empty or a block cannot be replaced"))?;
    let span = node.span();
    if key.source != span.source {
        return Err(Dropped::new("its key is written in another file"));
    }
    let text = sink.text(key.source);
    let behind = &text[key.end as usize..];
    // A key in quotes may be spanned without them.
    let colon = behind.find(':').map(|at| key.end as usize + at + 1).filter(|colon| *colon <= span.start as usize);
    let colon = colon.ok_or_else(|| Dropped::new("the value does not stand behind its key"))?;
    let between = text[colon..span.start as usize].trim_start();
    if !between.is_empty() && !between.starts_with('#') {
        return Err(Dropped::new("an anchor or tag stands before the value"));
    }
    let mut out = String::new();
    block_after_key(&mut out, value, layout(sink, key.source, column(text, key.start as usize)));
    let (first_end, last) = (line_end(text, colon), span.end as usize);
    let own_line = first_end < span.start as usize;
    let breaks = out.starts_with(['\n', '\r']);
    let cut = |sink: &mut Sink<'_>, start: usize, end: usize| {
        if start < end {
            sink.replace(Span::new(span.source, start as u32, end as u32), "");
        }
    };
    match (own_line, breaks) {
        (true, true) => sink.replace(Span::new(span.source, first_end as u32, last as u32), out),
        (true, false) => {
            sink.insert(span.source, colon, out);
            cut(sink, first_end, last);
        }
        (false, true) => {
            cut(sink, colon, last);
            sink.insert_at_end(node, span.source, line_end(text, last), out);
        }
        (false, false) => sink.replace(Span::new(span.source, colon as u32, last as u32), out),
    }
    Ok(())
}

fn add(sink: &mut Sink<'_>, changes: &Changes<'_>, node: Node<'_>, entries: &Map<String, Value>) -> Result<(), Dropped> {
    if short::is_short(Some(node)) {
        return entries.iter().try_for_each(|(key, value)| short::add(sink, node, key, value));
    }
    if yaml_list::is_list_form(sink, Some(node)) {
        return yaml_list::add(sink, changes, node, entries);
    }
    let own = node.children().any(|child| written_in(node, child));
    if node.is_empty() || node.kind() == Kind::Null {
        return replace(sink, node, &Value::Object(entries.clone()));
    }
    // A merged map has one site per file; new keys go where the first of them writes it.
    let span = node.span();
    let text = sink.text(span.source);
    if let Some(object) = json_property(text, span) {
        let last = node.children().filter(|child| written_in(node, *child) && !changes.is_removed(child.target().index())).last();
        add_flow(sink, object, last, text, entries);
        return Ok(());
    }
    let left = || node.children().filter(|child| written_in(node, *child) && !changes.is_removed(child.target().index()));
    let last = left().max_by_key(|child| child.span().end);
    if opens_flow(text, span) {
        add_flow(sink, span, last, text, entries);
        return Ok(());
    }
    if in_flow(text, node) {
        return Err(Dropped::new("it is a pair in a flow list, which has room for one entry"));
    }
    let last = last.filter(|_| own).ok_or_else(|| Dropped::new("the map is written nowhere"))?;
    let first = left().filter_map(Node::key_span).min_by_key(|key| key.start).unwrap_or_default();
    if left().filter_map(Node::key_span).any(|key| {
        !text[line_start(text, key.start as usize)..key.start as usize].bytes().all(|byte| matches!(byte, b' ' | b'-' | b'"' | b'\''))
    }) {
        return Err(Dropped::new("its keys do not begin their lines"));
    }
    if left().filter_map(Node::key_span).any(|key| is_explicit(text, key.start as usize)) {
        return Err(Dropped::new("one of its keys stands behind a `?`"));
    }
    let layout = layout(sink, span.source, column(text, first.start as usize));
    let end = last.span().end.max(last.key_span().map_or(0, |key| key.end));
    let mut out = String::new();
    for (key, value) in entries {
        out.push_str(layout.newline);
        out.extend(std::iter::repeat_n(' ', layout.indent));
        block_entry(&mut out, key, value, layout);
    }
    sink.insert_at_end(node, span.source, line_end(text, end as usize), out);
    Ok(())
}

/// The object of `"name": { … }`, which is the site of what a block of Terraform's JSON syntax declares.
fn json_property(text: &str, span: Span) -> Option<Span> {
    let own = text.get(span.start as usize..span.end as usize)?;
    let name = own.starts_with('"').then(|| own[1..].find('"'))?? + 2;
    let object = own[name..].trim_start().strip_prefix(':')?.trim_start();
    (object.starts_with('{') && object.ends_with('}')).then(|| Span::new(span.source, span.end - object.len() as u32, span.end))
}

/// Whether an entry is written inside its map, not merged into it from elsewhere.
fn written_in(map: Node<'_>, entry: Node<'_>) -> bool {
    let span = map.span();
    entry.key_span().is_some_and(|key| key.source == span.source && span.contains(key)) && !entry.flags().has(Flags::FROM_ANCHOR)
}

fn add_flow(sink: &mut Sink<'_>, span: Span, last: Option<Node<'_>>, text: &str, entries: &Map<String, Value>) {
    let json = sink.is_json(span.source);
    let items = entries.iter().map(|(key, value)| {
        let key = if json { Value::String(key.clone()).to_string() } else { crate::yaml_value::scalar_text(key) };
        format!("{key}: {}", flow(value, json))
    });
    insert_in_flow(sink, text, span, last, &items.collect::<Vec<_>>(), true);
}

/// Puts items into `[…]` or `{…}` behind or before `neighbour`, on lines of their own where the neighbour has one.
pub(crate) fn insert_in_flow(sink: &mut Sink<'_>, text: &str, list: Span, neighbour: Option<Node<'_>>, items: &[String], after: bool) {
    let Some(neighbour) = neighbour else {
        sink.insert(list.source, list.start as usize + 1, items.join(", "));
        return;
    };
    let start = neighbour.key_span().map_or(neighbour.span().start, |key| key.start) as usize;
    let end = neighbour.span().end as usize;
    if !starts_line(text, start) {
        let joined = items.join(", ");
        if after {
            sink.insert(list.source, end, format!(", {joined}"));
        } else {
            sink.insert(list.source, start, format!("{joined}, "));
        }
        return;
    }
    let line_break = format!("{}{}", newline(text), indent_of(text, start));
    let joined = items.join(&format!(",{line_break}"));
    if !after {
        return sink.insert(list.source, start, format!("{joined},{line_break}"));
    }
    let rest = &text[end..line_end(text, end)];
    let behind = rest.trim_start().strip_prefix(',');
    let free = behind.unwrap_or(rest).trim_start();
    if !free.is_empty() && !free.starts_with(['#', '/']) {
        // Something else stands on the neighbour's line.
        return sink.insert(list.source, end, format!(",{line_break}{joined}"));
    }
    let comma = if behind.is_some() { "," } else { "" };
    if behind.is_none() {
        sink.insert(list.source, end, ",");
    }
    sink.insert(list.source, line_end(text, end), format!("{line_break}{joined}{comma}"));
}

fn insert_items(sink: &mut Sink<'_>, list: Node<'_>, neighbour: Option<Node<'_>>, items: &[Value], after: bool) -> Result<(), Dropped> {
    let span = list.span();
    if neighbour.is_some_and(|neighbour| neighbour.span().source != span.source) {
        return Err(Dropped::new("the item beside it is written in another file than the list begins in"));
    }
    let text = sink.text(span.source);
    if opens_flow(text, span) {
        let json = sink.is_json(span.source);
        let items: Vec<String> = items.iter().map(|item| flow(item, json)).collect();
        insert_in_flow(sink, text, span, neighbour, &items, after);
        return Ok(());
    }
    check_list(sink, list)?;
    let neighbour = neighbour.ok_or_else(|| Dropped::new("the list is empty"))?;
    let layout = layout(sink, span.source, column(text, span.start as usize));
    let items: Vec<String> = items
        .iter()
        .map(|item| {
            let mut one = String::new();
            block_item(&mut one, item, layout);
            one
        })
        .collect();
    insert_lines(sink, list, neighbour, &items, after)
}

/// Fails on a list that is no list in the text: the words of a command written as one string.
fn check_list(sink: &Sink<'_>, list: Node<'_>) -> Result<(), Dropped> {
    let span = list.span();
    let first = sink.text(span.source).as_bytes().get(span.start as usize);
    let written = list.kind() != Kind::List || matches!(first, Some(b'-' | b'['));
    if written { Ok(()) } else { Err(Dropped::new("the list is not written as one")) }
}

/// Puts block items behind or before one of their list.
pub(crate) fn insert_lines(sink: &mut Sink<'_>, list: Node<'_>, neighbour: Node<'_>, items: &[String], after: bool) -> Result<(), Dropped> {
    let span = list.span();
    let text = sink.text(span.source);
    let line_break = format!("{}{}", newline(text), " ".repeat(column(text, span.start as usize)));
    if after {
        let out = items.iter().fold(String::new(), |out, item| out + &line_break + item);
        sink.insert_at_end(list, span.source, line_end(text, neighbour.span().end as usize), out);
    } else {
        let dash = dash_of(text, span, neighbour.span().start as usize).ok_or_else(|| Dropped::new("the item's dash cannot be told"))?;
        let out = items.iter().fold(String::new(), |out, item| out + item + &line_break);
        sink.insert(span.source, dash, out);
    }
    Ok(())
}

/// Where the dash of a block item stands, given where its value begins.
pub(crate) fn dash_of(text: &str, list: Span, value: usize) -> Option<usize> {
    let first = list.start as usize;
    let at = column(text, first);
    let mut line = line_start(text, value);
    loop {
        if line == line_start(text, first) {
            return Some(first);
        }
        if line < first {
            return None;
        }
        let dash = line + at;
        if text.as_bytes().get(dash) == Some(&b'-') && text[line..dash].bytes().all(|byte| byte == b' ') && dash <= value {
            return Some(dash);
        }
        line = line_start(text, line - 1);
    }
}

fn remove_all(sink: &mut Sink<'_>, changes: &Changes<'_>) -> Result<(), Dropped> {
    for index in changes.removed() {
        let node = there(sink, index)?;
        let Some(parent) = node.parent() else { return Err(Dropped::new("the whole document cannot be removed")) };
        if short::is_short(Some(parent)) {
            return Err(Dropped::new("it is part of a short form"));
        }
        in_one_file(node)?;
        let left = parent.children().filter(|child| !changes.is_removed(child.target().index())).count();
        if left == 0 {
            // The first removed sibling speaks for all.
            if parent.children().next().is_some_and(|first| first.target().index() == index) {
                if yaml_list::is_list_form(sink, Some(parent)) {
                    return Err(Dropped::new("nothing would be left of the list"));
                }
                check_list(sink, parent)?;
                let (plan, at) = (changes.plan(), (changes.document(), parent.index()));
                let instead = match parent.kind() {
                    Kind::List => Value::Array(plan.put_into(changes.document(), parent)),
                    _ => Value::Object(plan.added.get(&at).cloned().unwrap_or_default()),
                };
                replace(sink, parent, &instead)?;
            }
            continue;
        }
        // A map that several files write: the part in one of them must not be left empty, which would be null there.
        let beside = |other: Node<'_>| other.index() != node.index() && !changes.is_removed(other.target().index());
        if parent.kind() == Kind::Map
            && parent.span().source != node.span().source
            && !parent.children().any(|other| beside(other) && other.key_span().is_some_and(|key| key.source == node.span().source))
        {
            return Err(Dropped::new("nothing would be left of the map in this file"));
        }
        if yaml_list::is_list_form(sink, Some(parent)) {
            yaml_list::remove(sink, node, parent)?;
        } else {
            remove_one(sink, node, parent)?;
        }
    }
    Ok(())
}

/// Whether the key at `start` is written as `? key`: no part of its site is the `?`.
fn is_explicit(text: &str, start: usize) -> bool {
    let mut before = text[..start].trim_end_matches(['"', '\'']).trim_end();
    // Anchors, tags and comments stand between.
    loop {
        let line = line_start(before, before.len());
        let word = before.trim_end_matches(|c: char| !c.is_whitespace()).len();
        let comment =
            before[line..].match_indices('#').map(|(at, _)| line + at).find(|at| *at == line || before[..*at].ends_with([' ', '\t']));
        let cut = comment.or_else(|| before[word..].starts_with(['&', '!']).then_some(word));
        let Some(cut) = cut else { break };
        before = before[..cut].trim_end();
    }
    before.strip_suffix('?').is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t', '\n', '\r', '{', '[', ',']))
}

/// Whether an entry has lines of its own, and nothing before or behind it says that they lie between brackets.
fn is_block_entry(text: &str, node: Node<'_>) -> bool {
    let Some(key) = node.key_span() else { return false };
    let (start, end) = (key.start as usize, node.span().end as usize);
    let behind = text[end..line_end(text, end)].trim_start();
    starts_line(text, start) && !text[..start].trim_end().ends_with(['{', ',']) && (behind.is_empty() || behind.starts_with('#'))
}

fn remove_one(sink: &mut Sink<'_>, node: Node<'_>, parent: Node<'_>) -> Result<(), Dropped> {
    check_list(sink, parent)?;
    let span = node.span();
    let text = sink.text(span.source);
    let start = node.key_span().map_or(span.start, |key| key.start) as usize;
    let end = span.end as usize;
    if node.key_span().is_some() && is_explicit(text, start) {
        return Err(Dropped::new("its key stands behind a `?`"));
    }
    let elsewhere = parent.span().source != span.source;
    if elsewhere && !is_block_entry(text, node) {
        return Err(Dropped::new("what it is a part of begins in another file"));
    }
    if !elsewhere && (opens_flow(text, parent.span()) || json_property(text, parent.span()).is_some()) {
        let rest = &text[end..];
        let comma = rest.len() - rest.trim_start().len();
        if rest[comma..].starts_with(',') {
            let after = comma + 1;
            let line = &text[end + after..line_end(text, end + after)];
            if starts_line(text, start) && line.trim().is_empty() && !rest[..comma].contains('\n') {
                sink.replace(Span::new(span.source, line_start(text, start) as u32, next_line(text, end + after) as u32), "");
                return Ok(());
            }
            let skip = after + (rest[after..].len() - rest[after..].trim_start_matches([' ', '\t']).len());
            sink.replace(Span::new(span.source, start as u32, (end + skip) as u32), "");
        } else {
            let before = text[..start].trim_end();
            let from = before.strip_suffix(',').map_or(before.len(), str::len);
            sink.replace(Span::new(span.source, from as u32, end as u32), "");
        }
        return Ok(());
    }
    let start = match node.key_span() {
        Some(_) => start,
        None => dash_of(text, parent.span(), start).ok_or_else(|| Dropped::new("the item's dash cannot be told"))?,
    };
    if starts_line(text, start) {
        sink.replace(Span::new(span.source, line_start(text, start) as u32, next_line(text, end) as u32), "");
    } else {
        if !text[line_start(text, start)..start].bytes().all(|byte| matches!(byte, b' ' | b'-' | b'"' | b'\'')) {
            return Err(Dropped::new("an anchor or tag stands before it"));
        }
        // The first entry of a list item stands behind the dash: the next entry moves up to it.
        let next = text[next_line(text, end)..].find(|c: char| !c.is_whitespace()).map_or(text.len(), |at| next_line(text, end) + at);
        sink.replace(Span::new(span.source, start as u32, next as u32), "");
    }
    Ok(())
}
