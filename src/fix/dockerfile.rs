//! Dockerfiles: whole instructions on lines of their own, flags, words, values; commands inside RUN go to [`crate::shell`].

use crate::render::{Changes, Dropped, Sink};
use crate::text::{line_end, line_start, newline, next_line};
use crate::{literal, shell};
use plimsoll_document::{Node, Span};
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
    for (after, map) in [(false, &plan.before), (true, &plan.after)] {
        for (node, items) in changes.of(map) {
            let node = there(sink, node)?;
            insert(sink, node, items, after)?;
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

fn place_of(node: Node<'_>) -> Place {
    match node.key() {
        "" => place(node.parent().map(Node::key).unwrap_or_default()),
        key => place(key),
    }
}

fn string(value: &Value) -> Result<&str, Dropped> {
    value.as_str().ok_or_else(|| Dropped::new("a dockerfile takes text here"))
}

fn replace(sink: &mut Sink<'_>, node: Node<'_>, value: &Value) -> Result<(), Dropped> {
    let text = string(value)?;
    match place_of(node) {
        Place::Instruction | Place::Command => sink.replace(node.span(), text),
        Place::Word => sink.replace(node.span(), word(node, text)),
        Place::Other => {
            let literal = literal::of(node)?;
            if literal.shared {
                sink.mark_shared();
            }
            sink.replace(literal.at, quoted_like(&sink.text(literal.at.source)[literal.at.start as usize..literal.at.end as usize], text));
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

/// A word: a JSON string in exec form, shell text in a command.
fn word(node: Node<'_>, text: &str) -> String {
    let exec = node.parent().and_then(Node::parent).is_some_and(|owner| owner.get_text("keyword").known().is_some());
    if exec { Value::String(text.to_owned()).to_string() } else { text.to_owned() }
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
                let item = string(item)?;
                if after {
                    sink.insert(span.source, line_end(text, span.end as usize), format!("{newline}{item}"));
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
                let new = word(node, string(item)?);
                let separator = if new.starts_with('"') && node.source_text().starts_with('"') { ", " } else { " " };
                if after {
                    sink.insert(span.source, span.end as usize, format!("{separator}{new}"));
                } else {
                    sink.insert(span.source, span.start as usize, format!("{new}{separator}"));
                }
            }
        }
        Place::Other => return Err(Dropped::new("nothing can be inserted there")),
    }
    Ok(())
}

fn remove(sink: &mut Sink<'_>, node: Node<'_>) -> Result<(), Dropped> {
    let span = node.span();
    let text = sink.text(span.source);
    match place_of(node) {
        Place::Instruction => {
            sink.replace(
                Span::new(span.source, line_start(text, span.start as usize) as u32, next_line(text, span.end as usize) as u32),
                "",
            );
        }
        Place::Command => shell::remove(sink, node)?,
        Place::Word => {
            // The blank before a word goes with it, but never a continuation: what follows it must stay joined.
            let start = text[..span.start as usize].trim_end_matches([' ', '\t']).len();
            let exec = text[..start].ends_with(',');
            let start = if exec { start - 1 } else { start };
            let from = if text[..start].ends_with('\n') { span.start as usize } else { start };
            sink.replace(Span::new(span.source, from as u32, span.end), "");
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
