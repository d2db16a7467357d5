//! HCL: attributes and blocks on lines of their own. `.tf.json` is JSON.

use crate::hcl_value::{block, block_as_json, entries, expression, is_identifier};
use crate::plan::{At, Plan};
use crate::render::{Changes, Dropped, Sink};
use crate::text::{indent_of, line_end, line_start, newline, next_line, starts_line};
use crate::yaml::insert_in_flow;
use crate::{literal, yaml};
use plimsoll_document::{Flags, Kind, Node, Span};
use serde_json::{Map, Value};

pub(crate) fn render(sink: &mut Sink<'_>, changes: &Changes<'_>) -> Result<(), Dropped> {
    let (native, json) = split(sink, changes);
    yaml::render(sink, &changes.with(&json))?;
    let (plan, changes) = (&native, &changes.with(&native));
    for (node, value) in changes.of(&plan.replaced) {
        let node = written(sink, node)?;
        let literal = literal::of(node)?;
        if literal.shared {
            sink.mark_shared();
        }
        let text = sink.text(literal.at.source);
        if !node.parent().is_some_and(in_brackets) && !takes_expression(text, literal.at) {
            return Err(Dropped::new("no expression can stand there"));
        }
        let new = expression(value, indent_of(text, literal.at.start as usize), newline(text));
        sink.replace(literal.at, new);
    }
    for (node, body) in changes.of(&plan.added) {
        let node = written(sink, node)?;
        add(sink, node, body)?;
    }
    for (after, map) in [(false, &plan.before), (true, &plan.after)] {
        for (node, items) in changes.of(map) {
            let node = written(sink, node)?;
            let Some(list) = node.parent().filter(|list| list.kind() == Kind::List) else {
                return Err(Dropped::new("it is no item of a list"));
            };
            if !emptied(changes, list) {
                insert_beside(sink, node, items, after)?;
            }
        }
    }
    for (node, items) in changes.of(&plan.appended) {
        let node = written(sink, node)?;
        append(sink, changes, node, items)?;
    }
    for (node, name) in changes.of(&plan.renamed) {
        let at = written(sink, node)?.key_span().ok_or_else(|| Dropped::new("the name is written nowhere"))?;
        sink.replace(at, name.clone());
    }
    for index in changes.removed() {
        let node = written(sink, index)?;
        if node.source_text().starts_with("dynamic") {
            return Err(Dropped::new("a dynamic block writes it"));
        }
        match node.parent().filter(|parent| emptied(changes, *parent)) {
            None => remove(sink, node),
            Some(list) if list.children().next().is_some_and(|first| first.target().index() == index) => {
                let items = plan.put_into(changes.document(), list);
                sink.replace(list.span(), expression(&Value::Array(items), "", "\n"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The changes of native files and those of JSON files, the latter with blocks in JSON syntax.
fn split(sink: &Sink<'_>, changes: &Changes<'_>) -> (Plan, Plan) {
    let (mut native, mut json) = (changes.plan().clone(), changes.plan().clone());
    let is_json = |at: &At| {
        let node = sink.node(at.1).map(Node::target);
        node.is_some_and(|node| sink.document.sources.get(node.span().source as usize).is_some_and(|source| source.uri.ends_with(".json")))
    };
    native.retain(|at| !is_json(at));
    json.retain(|at| at.0 == changes.document() && is_json(at));
    json.map_values(&|value| block_as_json(value));
    (native, json)
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

/// Whether what stands at `span` is a value: something asks for one in front of it. Blocks, labels and names are none.
fn takes_expression(text: &str, span: Span) -> bool {
    let before = &text[line_start(text, span.start as usize)..span.start as usize];
    !span.is_empty() && before.trim_end().ends_with(['=', ':', '?', '[', '(', ','])
}

/// Where the braces of a block (`type "label" { … }`) or of an object are, if the text at `span` is one.
fn braces(text: &str, span: Span) -> Result<(usize, usize), Dropped> {
    let own = &text[span.start as usize..span.end as usize];
    let at = open_brace(own).filter(|_| own.ends_with('}')).ok_or_else(|| Dropped::new("an expression gives the value"))?;
    let mut quoted = false;
    let header = |c: char| {
        quoted ^= c == '"';
        quoted || c.is_alphanumeric() || c.is_whitespace() || matches!(c, '"' | '_' | '-')
    };
    if !own[..at].chars().all(header) || own[at + 1..].trim_start().starts_with("for ") {
        return Err(Dropped::new("an expression gives the value"));
    }
    if own.starts_with("dynamic") {
        return Err(Dropped::new("a dynamic block writes it"));
    }
    Ok((span.start as usize + at, span.end as usize - 1))
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
    let span = node.span();
    let source = span.source;
    let text = sink.text(source);
    let (open, close) = braces(text, span)?;
    // An object begins with its brace, a block with its type.
    if open > span.start as usize && !body.keys().all(|name| is_identifier(name)) {
        return Err(Dropped::new("the name of an argument is an identifier"));
    }
    let newline = newline(text);
    let outer = indent_of(text, open);
    let first_line_end = line_end(text, open);
    if first_line_end >= close {
        // A block or object on one line opens up.
        let inner = text[open + 1..close].trim();
        let kept = if inner.is_empty() { String::new() } else { format!("{newline}{outer}  {}", inner.trim_end_matches(',')) };
        let added = entries(body, &format!("{outer}  "), newline, 0);
        sink.replace(Span::new(source, open as u32 + 1, close as u32), format!("{kept}{added}{newline}{outer}"));
        return Ok(());
    }
    let last = text[..close].trim_end().len();
    let indent = text[next_line(text, open)..close]
        .lines()
        .find(|line| !line.trim().is_empty())
        .map_or_else(|| format!("{outer}  "), |line| line[..line.len() - line.trim_start().len()].to_owned());
    sink.insert(source, line_end(text, last), entries(body, &indent, newline, name_width(text, last)));
    Ok(())
}

/// How far the attribute on the line of `at` is from its `=`; 0 if there is none. A new one below it lines up with it.
fn name_width(text: &str, at: usize) -> usize {
    let line = text[line_start(text, at)..line_end(text, at)].trim_start();
    let name = line.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(0);
    let rest = line[name..].trim_start_matches(' ');
    if name > 0 && rest.starts_with("= ") { line.len() - rest.len() - 1 } else { 0 }
}

fn append(sink: &mut Sink<'_>, changes: &Changes<'_>, list: Node<'_>, items: &[Value]) -> Result<(), Dropped> {
    let span = list.span();
    let text = sink.text(span.source);
    if list.source_text().starts_with('[') {
        if emptied(changes, list) {
            return Ok(());
        }
        let items: Vec<String> = items.iter().map(|item| expression(item, indent_of(text, span.start as usize), newline(text))).collect();
        let last = list.children().filter(|item| !changes.is_removed(item.target().index())).last();
        insert_in_flow(sink, text, span, last, &items, true);
        return Ok(());
    }
    match list.children().last() {
        Some(last) => insert_beside(sink, last, items, true),
        None => Err(Dropped::new("the list is written nowhere")),
    }
}

fn in_brackets(list: Node<'_>) -> bool {
    list.kind() == Kind::List && list.source_text().starts_with('[')
}

/// Whether every item of a list in brackets is removed.
fn emptied(changes: &Changes<'_>, list: Node<'_>) -> bool {
    in_brackets(list) && !list.is_empty() && list.children().all(|item| changes.is_removed(item.target().index()))
}

fn insert_beside(sink: &mut Sink<'_>, node: Node<'_>, items: &[Value], after: bool) -> Result<(), Dropped> {
    let span = node.span();
    let text = sink.text(span.source);
    let indent = indent_of(text, span.start as usize).to_owned();
    let newline = newline(text);
    if let Some(list) = node.parent().filter(|parent| in_brackets(*parent)) {
        let items: Vec<String> = items.iter().map(|item| expression(item, &indent, newline)).collect();
        insert_in_flow(sink, text, list.span(), Some(node), &items, after);
        return Ok(());
    }
    for item in items {
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
