//! HCL: attributes and blocks on lines of their own. `.tf.json` is JSON.

use crate::hcl_value::{block, entries, expression};
use crate::render::{Changes, Dropped, Sink};
use crate::text::{indent_of, line_end, line_start, newline, next_line, starts_line};
use crate::{literal, yaml};
use plimsoll_document::{Flags, Kind, Node, Span};
use serde_json::{Map, Value};

pub(crate) fn render(sink: &mut Sink<'_>, changes: &Changes<'_>) -> Result<(), Dropped> {
    if sink.document.sources.iter().any(|source| source.uri.ends_with(".tf.json")) {
        return yaml::render(sink, changes);
    }
    let plan = changes.plan();
    for (node, value) in changes.of(&plan.replaced) {
        let node = written(sink, node)?;
        let literal = literal::of(node)?;
        if literal.shared {
            sink.mark_shared();
        }
        let text = sink.text(literal.at.source);
        let new = expression(value, indent_of(text, literal.at.start as usize), newline(text));
        sink.replace(literal.at, new);
    }
    for (node, body) in changes.of(&plan.added) {
        let node = written(sink, node)?;
        add(sink, node, body)?;
    }
    for (node, items) in changes.of(&plan.appended) {
        let node = written(sink, node)?;
        append(sink, node, items)?;
    }
    for (after, map) in [(false, &plan.before), (true, &plan.after)] {
        for (node, items) in changes.of(map) {
            let node = written(sink, node)?;
            insert_beside(sink, node, items, after)?;
        }
    }
    for (node, name) in changes.of(&plan.renamed) {
        let at = written(sink, node)?.key_span().ok_or_else(|| Dropped::new("the name is written nowhere"))?;
        sink.replace(at, name.clone());
    }
    for index in changes.removed() {
        let node = written(sink, index)?;
        remove(sink, node);
    }
    Ok(())
}

fn written<'a>(sink: &Sink<'a>, node: u32) -> Result<Node<'a>, Dropped> {
    let node = sink.node(node).ok_or_else(|| Dropped::new("no such node"))?.target();
    if sink.text(node.span().source).is_empty() {
        return Err(Dropped::new("it is written in a file outside this document"));
    }
    if node.flags().has(Flags::TEMPLATED) {
        return Err(Dropped::new("a dynamic block writes it"));
    }
    Ok(node)
}

/// Whether the node's text is a block (`type "label" { … }`), and where its braces are.
fn braces(text: &str, span: Span) -> Option<(usize, usize)> {
    let own = &text[span.start as usize..span.end as usize];
    let open = span.start as usize + open_brace(own)?;
    own.ends_with('}').then_some((open, span.end as usize - 1))
}

/// The first `{` outside quotes: labels may hold one.
fn open_brace(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quoted => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b'{' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn add(sink: &mut Sink<'_>, node: Node<'_>, body: &Map<String, Value>) -> Result<(), Dropped> {
    // The map of a resource is its block; a resource body is the inside of the same block.
    let mut holder = node;
    let mut found = None;
    for _ in 0..3 {
        let text = sink.text(holder.span().source);
        found = braces(text, holder.span());
        if found.is_some() {
            break;
        }
        let Some(parent) = holder.parent() else { break };
        holder = parent;
    }
    let (open, close) = found.ok_or_else(|| Dropped::new("the block is written nowhere"))?;
    let source = holder.span().source;
    let text = sink.text(source);
    let newline = newline(text);
    let outer = indent_of(text, open);
    let first_line_end = line_end(text, open);
    if first_line_end >= close {
        // A block or object on one line opens up.
        let inner = text[open + 1..close].trim();
        let kept = if inner.is_empty() { String::new() } else { format!("{newline}{outer}  {}", inner.trim_end_matches(',')) };
        let added = entries(body, &format!("{outer}  "), newline);
        sink.replace(Span::new(source, open as u32 + 1, close as u32), format!("{kept}{added}{newline}{outer}"));
        return Ok(());
    }
    let last = text[..close].trim_end().len();
    let indent = text[next_line(text, open)..close]
        .lines()
        .find(|line| !line.trim().is_empty())
        .map_or_else(|| format!("{outer}  "), |line| line[..line.len() - line.trim_start().len()].to_owned());
    sink.insert(source, line_end(text, last), entries(body, &indent, newline));
    Ok(())
}

fn append(sink: &mut Sink<'_>, list: Node<'_>, items: &[Value]) -> Result<(), Dropped> {
    let span = list.span();
    let text = sink.text(span.source);
    if text[span.start as usize..span.end as usize].starts_with('[') {
        let last = list.children().last();
        let joined = items.iter().map(|item| expression(item, indent_of(text, span.start as usize), newline(text))).collect::<Vec<_>>();
        match last {
            None => sink.replace(span, format!("[{}]", joined.join(", "))),
            Some(last) => {
                let end = last.span().end as usize;
                let start = last.span().start as usize;
                let separator =
                    if starts_line(text, start) { format!(",{}{}", newline(text), indent_of(text, start)) } else { ", ".to_owned() };
                sink.insert(span.source, end, joined.iter().fold(String::new(), |out, item| out + &separator + item));
            }
        }
        return Ok(());
    }
    match list.children().last() {
        Some(last) => insert_beside(sink, last, items, true),
        None => Err(Dropped::new("the list is written nowhere")),
    }
}

fn insert_beside(sink: &mut Sink<'_>, node: Node<'_>, items: &[Value], after: bool) -> Result<(), Dropped> {
    let span = node.span();
    let text = sink.text(span.source);
    let indent = indent_of(text, span.start as usize).to_owned();
    let newline = newline(text);
    let in_brackets = node.parent().is_some_and(|parent| parent.kind() == Kind::List && parent.source_text().starts_with('['));
    for item in items {
        if in_brackets {
            let item = expression(item, &indent, newline);
            let (at, out) = if after { (span.end, format!(", {item}")) } else { (span.start, format!("{item}, ")) };
            sink.insert(span.source, at as usize, out);
            continue;
        }
        let out = block(item, &indent, newline).ok_or_else(|| Dropped::new("a block needs a type and a body"))?;
        if after {
            sink.insert(span.source, line_end(text, span.end as usize), format!("{newline}{indent}{out}"));
        } else {
            sink.insert(span.source, line_start(text, span.start as usize), format!("{indent}{out}{newline}"));
        }
    }
    Ok(())
}

fn remove(sink: &mut Sink<'_>, node: Node<'_>) {
    let span = node.span();
    let text = sink.text(span.source);
    let start = node.key_span().filter(|key| key.source == span.source).map_or(span.start, |key| key.start.min(span.start)) as usize;
    let end = span.end as usize;
    let alone = starts_line(text, start) && {
        let rest = text[end..line_end(text, end)].trim_start();
        rest.is_empty() || rest.starts_with(['#', ',']) || rest.starts_with("//")
    };
    if alone {
        sink.replace(Span::new(span.source, line_start(text, start) as u32, next_line(text, end) as u32), "");
        return;
    }
    let rest = &text[end..];
    let comma = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    let (from, to) = if rest[comma..].starts_with(',') {
        let after = &rest[comma + 1..];
        (start, end + comma + 1 + (after.len() - after.trim_start_matches([' ', '\t']).len()))
    } else {
        let before = text[..start].trim_end();
        (before.strip_suffix(',').map_or(start, str::len), end)
    };
    sink.replace(Span::new(span.source, from as u32, to as u32), "");
}
