//! Commands inside RUN: a command goes in or out without changing when the others run or fail.

use crate::render::{Dropped, Sink};
use crate::text::{indent_of, line_start, newline};
use plimsoll_document::{Node, Span};

fn text_of<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get_text(key).known().and_then(Node::as_str).unwrap_or_default()
}

fn is(node: Node<'_>, key: &str) -> bool {
    node.get_text(key).known().and_then(Node::as_bool).unwrap_or(false)
}

fn depth(node: Node<'_>) -> f64 {
    node.get_text("depth").known().and_then(Node::as_f64).unwrap_or(0.0)
}

/// The neighbours of a command at its own depth.
struct Around<'a> {
    before: Option<Node<'a>>,
    after: Option<Node<'a>>,
}

fn around<'a>(command: Node<'a>) -> Result<Around<'a>, Dropped> {
    let list = command.parent().ok_or_else(|| Dropped::new("the command stands in no list"))?;
    let all: Vec<Node<'a>> = list.children().collect();
    let at = all.iter().position(|other| other.index() == command.index()).ok_or_else(|| Dropped::new("the command stands in no list"))?;
    let same = |other: &&Node<'a>| depth(**other) <= depth(command);
    let level = |node: Option<&Node<'a>>| node.copied().filter(|node| depth(*node) >= depth(command));
    Ok(Around { before: level(all[..at].iter().rev().find(same)), after: level(all[at + 1..].iter().find(same)) })
}

/// Whether the list that holds the command is a plain one: joined by `&&`, `;` or line ends only.
fn check_plain(command: Node<'_>) -> Result<(), Dropped> {
    let script = command.parent().and_then(Node::parent).ok_or_else(|| Dropped::new("the command stands in no script"))?;
    if !matches!(text_of(script, "dialect"), "sh" | "bash") {
        return Err(Dropped::new("the shell is not a POSIX one"));
    }
    if is(command, "piped") || is(command, "condition") {
        return Err(Dropped::new("the command stands in a pipe or decides a condition"));
    }
    let joins = |operator: &str| matches!(operator, "" | "&&" | ";" | "\n" | "then" | "do" | "else");
    let whole_list = |node: Node<'_>| !matches!(text_of(node, "operator"), ";" | "\n" | "");
    let mut node = Some(command);
    while let Some(current) = node {
        if !joins(text_of(current, "operator")) {
            return Err(Dropped::new("the command stands beside `||`, `|` or `&`"));
        }
        node = if whole_list(current) { around(current)?.before } else { None };
    }
    let mut node = around(command)?.after;
    while let Some(current) = node {
        let operator = text_of(current, "operator");
        if !joins(operator) {
            return Err(Dropped::new("the command stands beside `||`, `|` or `&`"));
        }
        node = if operator == "&&" { around(current)?.after } else { None };
    }
    let rest = command
        .doc()
        .source_text(command.span().source)
        .get(command.span().end as usize..)
        .unwrap_or_default()
        .trim_start_matches([' ', '\t']);
    if (rest.starts_with('&') && !rest.starts_with("&&")) || (rest.starts_with('|') && !rest.starts_with("||")) {
        return Err(Dropped::new("the command runs in the background or in a pipe"));
    }
    Ok(())
}

/// The instruction that holds a command, and whether the command stands in one of its heredocs.
fn holder(command: Node<'_>) -> Option<(Node<'_>, bool)> {
    let mut node = command;
    while let Some(parent) = node.parent() {
        node = parent;
        if node.get_text("keyword").known().is_some() {
            let in_heredoc = node.get_text("heredocs").known().is_some_and(|list| {
                list.children()
                    .any(|heredoc| heredoc.get_text("content").known().is_some_and(|content| content.span().contains(command.span())))
            });
            return Some((node, in_heredoc));
        }
    }
    None
}

/// Inserts `new` beside `command`.
pub(crate) fn insert(sink: &mut Sink<'_>, command: Node<'_>, new: &str, after: bool) -> Result<(), Dropped> {
    check_plain(command)?;
    let (instruction, in_heredoc) = holder(command).ok_or_else(|| Dropped::new("the command stands in no instruction"))?;
    let span = command.span();
    let text = sink.text(span.source);
    let newline = newline(text);
    let errexit = is(command, "errexit");
    let own = instruction.source_text();
    let escape = escape(sink);
    let broken = own.contains('\n') && !in_heredoc;
    let out = if in_heredoc && errexit {
        let indent = indent_of(text, span.start as usize);
        if after { format!("{newline}{indent}{new}") } else { format!("{new}{newline}{indent}") }
    } else if broken {
        let joint = if errexit { ";" } else { "&&" };
        let indent = continuation_indent(text, instruction.span());
        // Authors put the operator at the end of a line or at the start of the next; follow the neighbours.
        let trailing =
            errexit || own.lines().any(|line| line.trim_end().strip_suffix(escape).is_some_and(|line| line.trim_end().ends_with("&&")));
        let separator = match (trailing, joint) {
            (true, ";") => format!("; {escape}{newline}{indent}"),
            (true, _) => format!(" && {escape}{newline}{indent}"),
            (false, _) => format!(" {escape}{newline}{indent}{joint} "),
        };
        if after { format!("{separator}{new}") } else { format!("{new}{separator}") }
    } else {
        let separator = if errexit { "; " } else { " && " };
        if after { format!("{separator}{new}") } else { format!("{new}{separator}") }
    };
    sink.insert(span.source, if after { span.end } else { span.start } as usize, out);
    Ok(())
}

fn escape(sink: &Sink<'_>) -> char {
    let facts = sink.document.doc().root().get_text("facts").known();
    let escape = facts.and_then(|facts| facts.get_text("escape").known()).and_then(Node::as_str);
    escape.and_then(|text| text.chars().next()).unwrap_or('\\')
}

/// Indentation of the instruction's second line, comments aside.
fn continuation_indent(text: &str, instruction: Span) -> String {
    let body = &text[instruction.start as usize..instruction.end as usize];
    let line = body.lines().skip(1).find(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'));
    let own = text[line_start(text, instruction.start as usize)..].len();
    line.filter(|_| own > 0).map_or_else(|| "    ".to_owned(), |line| line[..line.len() - line.trim_start().len()].to_owned())
}

/// Takes a command out.
pub(crate) fn remove(sink: &mut Sink<'_>, command: Node<'_>) -> Result<(), Dropped> {
    check_plain(command)?;
    let around = around(command)?;
    let span = command.span();
    match (around.before, around.after) {
        (_, Some(next)) => sink.replace(Span::new(span.source, span.start, next.span().start), ""),
        (Some(previous), None) => sink.replace(Span::new(span.source, previous.span().end, span.end), ""),
        (None, None) => return Err(Dropped::new("it is the only command; remove the instruction")),
    }
    Ok(())
}
