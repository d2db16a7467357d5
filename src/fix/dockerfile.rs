//! Dockerfiles: whole instructions on lines of their own, flags, words, values; commands inside RUN go to [`crate::shell`].

use crate::render::{Changes, Dropped, Sink};
use crate::text::{line_end, line_start, newline, next_line};
use crate::{literal, shell};
use plimsoll_document::{Kind, Node, Span};
use serde_json::{Map, Value};
use std::borrow::Cow;

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
    for (after, map) in [(false, &plan.before), (true, &plan.after)] {
        for (node, items) in changes.of(map) {
            let node = there(sink, node)?;
            insert(sink, node, items, after)?;
        }
    }
    for (node, items) in changes.of(&plan.appended) {
        let list = there(sink, node)?;
        match (list.children().last(), place(list.key())) {
            (Some(last), _) => insert(sink, last, items, true)?,
            (None, Place::Instruction) => {
                // A stage without instructions: its first one follows the FROM.
                let from =
                    list.parent().and_then(|stage| stage.get_text("from").known()).ok_or_else(|| Dropped::new("the stage has no FROM"))?;
                insert(sink, from, items, true)?;
            }
            (None, _) => return Err(Dropped::new("the list is written nowhere")),
        }
    }
    if !plan.renamed.is_empty() && changes.of(&plan.renamed).next().is_some() {
        return Err(Dropped::new("nothing in a dockerfile can be renamed"));
    }
    for index in changes.removed() {
        let node = there(sink, index)?;
        remove(sink, node)?;
    }
    Ok(())
}

fn there<'a>(sink: &Sink<'a>, node: u32) -> Result<Node<'a>, Dropped> {
    Ok(sink.node(node).ok_or_else(|| Dropped::new("no such node"))?.target())
}

/// What a list item or entry is.
enum Place {
    Instruction,
    Command,
    Word,
    Other,
}

fn place(list_key: &str) -> Place {
    match list_key {
        "instructions" | "args" | "from" => Place::Instruction,
        "commands" => Place::Command,
        "words" => Place::Word,
        _ => Place::Other,
    }
}

/// A list is none of its items: nothing stands before or behind it.
fn place_of(node: Node<'_>) -> Place {
    match node.key() {
        "" => place(node.parent().map(Node::key).unwrap_or_default()),
        // The flag of a COPY has the same name.
        "from" if node.get_text("keyword").known().is_some() => Place::Instruction,
        _ => Place::Other,
    }
}

fn string(value: &Value) -> Result<&str, Dropped> {
    value.as_str().ok_or_else(|| Dropped::new("a dockerfile takes text here"))
}

fn replace(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    let text = string(value)?;
    match place_of(node) {
        Place::Instruction | Place::Command => sink.replace(node.span(), text),
        Place::Word => {
            let new = word(node, text)?;
            sink.replace(node.span(), new);
        }
        Place::Other => {
            if node.kind() == Kind::List && node.is_empty() {
                return Err(Dropped::new("the list is written nowhere"));
            }
            if node.source_text().ends_with('\n') && !text.ends_with('\n') {
                return Err(Dropped::new("what a heredoc holds ends in a line break"));
            }
            let literal = literal::of(node)?;
            if literal.shared {
                sink.mark_shared();
            }
            let old = &sink.text(literal.at.source)[literal.at.start as usize..literal.at.end as usize];
            let in_pair = node.key() == "value" && node.parent().and_then(Node::parent).is_some_and(|list| list.key() == "pairs");
            let new =
                if in_pair || literal.at != node.span() { pair_value(old, text, shell::escape(sink))? } else { quoted_like(old, text) };
            sink.replace(literal.at, new);
        }
    }
    Ok(())
}

/// `text` in the quoting that `old` has.
fn quoted_like(old: &str, text: &str) -> String {
    match old.chars().next() {
        Some(quote @ ('"' | '\'')) if old.len() > 1 && old.ends_with(quote) && !text.contains(quote) => format!("{quote}{text}{quote}"),
        _ => text.to_owned(),
    }
}

/// A value behind `KEY=`, quoted where it must be, with the file's own escape character.
fn pair_value(old: &str, text: &str, escape: char) -> Result<String, Dropped> {
    if text.contains(['\n', '\r']) {
        return Err(Dropped::new("a value with a line break has no place in an instruction"));
    }
    let special = |c: char| c.is_whitespace() || matches!(c, '"' | '\'') || c == escape;
    if old.starts_with('\'') && !text.contains('\'') {
        return Ok(format!("'{text}'"));
    }
    if !old.starts_with('"') && !text.contains(special) {
        return Ok(text.to_owned());
    }
    let escaped = text.chars().flat_map(|c| [(c == '"' || c == escape).then_some(escape), Some(c)].into_iter().flatten());
    Ok(format!("\"{}\"", escaped.collect::<String>()))
}

/// A word: a JSON string in exec form, shell text in a command.
fn word(node: Node<'_>, text: &str) -> Result<String, Dropped> {
    let mut above = node;
    while let Some(parent) = above.parent() {
        above = parent;
        if above.get_text("dialect").known().and_then(Node::as_str) == Some("exec") {
            break;
        }
        if let Some(form) = above.get_text("form").known().and_then(Node::as_str) {
            // The words of an instruction are the elements themselves, those of a command stand inside one.
            let elements = node.parent().and_then(Node::parent).is_some_and(|owner| owner.index() == above.index());
            return match (form, elements) {
                ("exec", true) => Ok(Value::String(text.to_owned()).to_string()),
                ("exec", false) => Err(Dropped::new("the command stands in a word of an exec form")),
                _ => Ok(text.to_owned()),
            };
        }
    }
    Ok(Value::String(text.to_owned()).to_string())
}

/// New fields of an instruction: only flags can be written that way.
fn add(sink: &mut Sink<'_>, node: Node<'_>, entries: &Map<String, Value>) -> Result<(), Dropped> {
    let (instruction, flags) = match (node.key(), entries.get("flags")) {
        ("flags", _) => (node.parent().unwrap_or(node), entries),
        (_, Some(Value::Object(flags))) if entries.len() == 1 => (node, flags),
        _ => return Err(Dropped::new("a field of an instruction cannot be added; replace the instruction")),
    };
    let keyword = instruction.get_text("keyword").known().ok_or_else(|| Dropped::new("the instruction is written nowhere"))?;
    let mut out = String::new();
    for (name, value) in flags {
        match value {
            Value::Bool(true) => out.push_str(&format!(" --{name}")),
            Value::String(text) => out.push_str(&format!(" --{name}={text}")),
            _ => return Err(Dropped::new("a flag is text or true")),
        }
    }
    let at = keyword.span();
    sink.insert(at.source, at.end as usize, out);
    Ok(())
}

fn insert(sink: &mut Sink<'_>, node: Node<'_>, items: &[Value], after: bool) -> Result<(), Dropped> {
    let span = node.span();
    let text = sink.text(span.source);
    match place_of(node) {
        Place::Instruction => {
            let newline = newline(text);
            for item in items {
                let item = in_case_of(node, string(item)?);
                if after {
                    sink.insert_at_end(node, span.source, line_end(text, span.end as usize), format!("{newline}{item}"));
                } else {
                    sink.insert(span.source, line_start(text, span.start as usize), format!("{item}{newline}"));
                }
            }
        }
        Place::Command => {
            for item in items {
                shell::insert(sink, node, string(item)?, after)?;
            }
        }
        Place::Word => {
            for item in items {
                let new = word(node, string(item)?)?;
                let separator = if new.starts_with('"') && node.source_text().starts_with('"') { ", " } else { " " };
                if after {
                    sink.insert_at_end(node, span.source, span.end as usize, format!("{separator}{new}"));
                } else {
                    sink.insert(span.source, span.start as usize, format!("{new}{separator}"));
                }
            }
        }
        Place::Other => return Err(Dropped::new("nothing can be inserted there")),
    }
    Ok(())
}

/// An instruction whose keyword is in small letters if that of `neighbour` is.
fn in_case_of<'t>(neighbour: Node<'_>, instruction: &'t str) -> Cow<'t, str> {
    let small = neighbour.source_text().bytes().take(2).all(|byte| byte.is_ascii_lowercase());
    match instruction.split_once(' ') {
        Some((keyword, rest)) if small => format!("{} {rest}", keyword.to_ascii_lowercase()).into(),
        _ => instruction.into(),
    }
}

fn remove(sink: &mut Sink<'_>, node: Node<'_>) -> Result<(), Dropped> {
    let span = node.span();
    let text = sink.text(span.source);
    match place_of(node) {
        Place::Instruction => {
            let (start, end) = (line_start(text, span.start as usize), next_line(text, span.end as usize));
            let written = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
            if !text[..start].lines().chain(text[end..].lines()).any(written) {
                return Err(Dropped::new("nothing would be left of the file"));
            }
            sink.replace(Span::new(span.source, start as u32, end as u32), "");
        }
        Place::Command => shell::remove(sink, node)?,
        Place::Word => {
            let flag = |list: Node<'_>| list.children().nth(1).is_some_and(|next| next.source_text().starts_with('-'));
            if node.parent().is_some_and(|list| list.children().next().is_some_and(|first| first.index() == node.index()) && flag(list)) {
                return Err(Dropped::new("the next word would be taken for a flag of the instruction"));
            }
            let (start, end) = word_range(text, node).ok_or_else(|| Dropped::new("the word cannot be told from its neighbours"))?;
            sink.replace(Span::new(span.source, start as u32, end as u32), "");
        }
        Place::Other if node.parent().is_some_and(|parent| parent.key() == "flags") => {
            let start = text[..span.start as usize].rfind("--").ok_or_else(|| Dropped::new("the flag is written nowhere"))?;
            let from = text[..start].trim_end_matches([' ', '\t']).len();
            sink.replace(Span::new(span.source, from as u32, span.end), "");
        }
        Place::Other => return Err(Dropped::new("it cannot be removed alone")),
    }
    Ok(())
}

/// What goes with a word: the blank or comma before it, or its whole line where nothing else stands on it.
fn word_range(text: &str, node: Node<'_>) -> Option<(usize, usize)> {
    let span = node.span();
    let (start, end) = (span.start as usize, span.end as usize);
    let list = node.parent()?;
    let at = list.children().position(|other| other.index() == node.index())?;
    let siblings: Vec<Node<'_>> = list.children().collect();
    let exec = text[start..end].starts_with('"') && in_exec(node);
    if exec {
        let (from, to) = match (at.checked_sub(1).map(|before| siblings[before].span().end as usize), siblings.get(at + 1)) {
            (_, Some(next)) => (start, next.span().start as usize),
            (Some(before), None) => (before, end),
            (None, None) => (start, end),
        };
        return (from <= to && !text[from..to].contains('#')).then_some((from, to));
    }
    let line = line_start(text, start);
    let line_close = line_end(text, end);
    let before = &text[line..start];
    let behind = text[end..line_close].trim();
    if !before.trim().is_empty() {
        let blank = before.len() - before.trim_end_matches([' ', '\t']).len();
        return Some((start - blank, end));
    }
    if matches!(behind, "\\" | "`") {
        return Some((line, next_line(text, end)));
    }
    if !behind.is_empty() {
        return Some((start, end + (text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len())));
    }
    // The last word of an instruction takes the continuation before it along.
    let previous = siblings.get(at.checked_sub(1)?)?.span().end as usize;
    let between = text.get(previous..start)?;
    between.chars().all(|c| c.is_whitespace() || c == '\\' || c == '`').then_some((previous, end))
}

fn in_exec(node: Node<'_>) -> bool {
    word(node, "").is_ok_and(|text| !text.is_empty())
}
