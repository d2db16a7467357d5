//! Commands inside RUN: a command goes in or out without changing when the others run or fail.

use crate::render::{Dropped, Sink};
use crate::text::{indent_of, line_end, line_start, newline, next_line, starts_line};
use plimsoll_document::{Node, Span};

fn text_of<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get_text(key).known().and_then(Node::as_str).unwrap_or_default()
}

fn is(node: Node<'_>, key: &str) -> bool {
    node.get_text(key).known().and_then(Node::as_bool).unwrap_or(false)
}

fn depth(node: Node<'_>) -> u32 {
    node.get_text("depth").known().and_then(Node::as_f64).unwrap_or(0.0) as u32
}

/// The list of commands that a command stands in: from the program's start, a keyword or a bracket to where that ends.
struct Around<'a> {
    /// The command before it at its own level, whatever joins them.
    before: Option<Node<'a>>,
    /// The command behind it at its own level.
    after: Option<Node<'a>>,
    /// Whether a construct of other commands stands between it and the one before or behind.
    nested_before: bool,
    nested_after: bool,
    /// What opens the list; `None` if a construct stands first and hides it.
    head: Option<&'a str>,
}

/// Whether an operator joins a command to the one before it, instead of opening a list.
fn joins(operator: &str) -> bool {
    matches!(operator, "&&" | "||" | ";" | "|" | "|&" | "&")
}

fn around<'a>(command: Node<'a>) -> Result<Around<'a>, Dropped> {
    let list = command.parent().ok_or_else(|| Dropped::new("the command stands in no list"))?;
    let all: Vec<Node<'a>> = list.children().collect();
    let at = all.iter().position(|other| other.index() == command.index()).ok_or_else(|| Dropped::new("the command stands in no list"))?;
    let own = depth(command);
    let mut found = Around { before: None, after: None, nested_before: false, nested_after: false, head: None };
    let mut current = command;
    let mut before = all[..at].iter().rev();
    loop {
        let operator = text_of(current, "operator");
        if !joins(operator) {
            found.head = Some(operator);
            break;
        }
        let Some(previous) = before.by_ref().find(|previous| {
            found.nested_before |= found.before.is_none() && depth(**previous) > own;
            depth(**previous) <= own
        }) else {
            // A construct stands first: only at the top can it be told what opens the list.
            found.head = (own == 0).then_some("");
            break;
        };
        if depth(*previous) < own {
            break;
        }
        found.before = found.before.or(Some(*previous));
        current = *previous;
    }
    for next in &all[at + 1..] {
        if depth(*next) > own {
            found.nested_after = true;
            continue;
        }
        found.after = Some(*next).filter(|next| depth(*next) == own && joins(text_of(*next, "operator")));
        break;
    }
    Ok(found)
}

/// The list that holds a command, if it is a plain one: joined by `&&`, `;` or line ends only.
fn plain<'a>(command: Node<'a>, instruction: Node<'_>) -> Result<Around<'a>, Dropped> {
    let script = command.parent().and_then(Node::parent).ok_or_else(|| Dropped::new("the command stands in no script"))?;
    if !matches!(text_of(script, "dialect"), "sh" | "bash") {
        return Err(Dropped::new("the shell is not a POSIX one"));
    }
    if text_of(instruction, "form") == "exec" {
        return Err(Dropped::new("the command stands in a word of an exec form"));
    }
    if is(command, "piped") || is(command, "condition") || is(command, "background") {
        return Err(Dropped::new("the command stands in a pipe, decides a condition or runs in the background"));
    }
    let found = around(command)?;
    if !matches!(found.head, Some("" | "then" | "else" | "do" | "{" | "(" | "case")) {
        return Err(Dropped::new("the command stands in another program or a substitution"));
    }
    let beside = || Dropped::new("the command stands beside `||`, `|` or `&`");
    let mut node = Some(command);
    while let Some(current) = node {
        node = match text_of(current, "operator") {
            "||" | "|" | "|&" | "&" => return Err(beside()),
            "&&" => around(current)?.before,
            _ => None,
        };
    }
    let mut node = found.after;
    while let Some(current) = node {
        node = match text_of(current, "operator") {
            "||" | "|" | "|&" | "&" => return Err(beside()),
            "&&" => around(current)?.after,
            _ => None,
        };
    }
    Ok(found)
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
    let (instruction, in_heredoc) = holder(command).ok_or_else(|| Dropped::new("the command stands in no instruction"))?;
    let around = plain(command, instruction)?;
    let escape = escape(sink);
    if !in_heredoc && new.lines().rev().skip(1).any(|line| !line.trim_end().ends_with(escape)) {
        return Err(Dropped::new("a command of several lines needs continuations"));
    }
    let span = command.span();
    let text = sink.text(span.source);
    let newline = newline(text);
    // In a list of `&&` only the last failure counts under `set -e`, so a new member keeps what the list does.
    let chained = if after {
        around.after.is_some_and(|next| text_of(next, "operator") == "&&") || next_is_and(text, span.end as usize, escape)
    } else {
        text_of(command, "operator") == "&&"
    };
    let joint = if chained || !is(command, "errexit") { "&&" } else { ";" };
    let end_of_line = line_end(text, span.end as usize);
    let behind = text[span.end as usize..end_of_line].trim_start();
    let feeds = feeds(command);
    if in_heredoc && joint == ";" && !feeds {
        let indent = indent_of(text, span.start as usize);
        if after && (behind.is_empty() || behind.starts_with('#')) {
            sink.insert_at_end(command, span.source, end_of_line, format!("{newline}{indent}{new}"));
            return Ok(());
        }
        if !after && starts_line(text, span.start as usize) {
            sink.insert(span.source, span.start as usize, format!("{new}{newline}{indent}"));
            return Ok(());
        }
    }
    let body = body_end(instruction);
    let own = text.get(instruction.span().start as usize..body as usize).unwrap_or_default();
    let separator = if !in_heredoc && !feeds && own.contains('\n') {
        let indent = continuation_indent(own);
        // Authors put the operator at the end of a line or at the start of the next; follow the neighbours.
        let trailing = joint == ";"
            || own.lines().any(|line| line.trim_end().strip_suffix(escape).is_some_and(|line| line.trim_end().ends_with("&&")));
        match (trailing, joint) {
            (true, ";") => format!("; {escape}{newline}{indent}"),
            (true, _) => format!(" && {escape}{newline}{indent}"),
            (false, _) => format!(" {escape}{newline}{indent}{joint} "),
        }
    } else if joint == ";" {
        "; ".to_owned()
    } else {
        " && ".to_owned()
    };
    if after {
        sink.insert_at_end(command, span.source, span.end as usize, format!("{separator}{new}"));
    } else {
        sink.insert(span.source, span.start as usize, format!("{new}{separator}"));
    }
    Ok(())
}

/// Whether a heredoc feeds the command: its body stands behind the line.
fn feeds(command: Node<'_>) -> bool {
    let heredoc = |redirect: Node<'_>| {
        let operator = text_of(redirect, "operator");
        operator.contains("<<") && !operator.contains("<<<")
    };
    command.get_text("redirects").known().is_some_and(|list| list.children().any(heredoc))
}

/// Whether `&&` follows, which may join a construct instead of a command.
fn next_is_and(text: &str, at: usize, escape: char) -> bool {
    text[at..].trim_start_matches([' ', '\t', '\r', '\n', escape]).starts_with("&&")
}

/// Where an instruction ends, the bodies of its heredocs aside.
fn body_end(instruction: Node<'_>) -> u32 {
    instruction.get_text("text").known().map_or(instruction.span().end, |text| text.span().end)
}

pub(crate) fn escape(sink: &Sink<'_>) -> char {
    let facts = sink.document.doc().root().get_text("facts").known();
    let escape = facts.and_then(|facts| facts.get_text("escape").known()).and_then(Node::as_str);
    escape.and_then(|text| text.chars().next()).unwrap_or('\\')
}

/// Indentation of the instruction's second line, comments aside.
fn continuation_indent(own: &str) -> String {
    let line = own.lines().skip(1).find(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'));
    line.map_or_else(|| "    ".to_owned(), |line| line[..line.len() - line.trim_start().len()].to_owned())
}

/// Takes a command out.
pub(crate) fn remove(sink: &mut Sink<'_>, command: Node<'_>) -> Result<(), Dropped> {
    let (instruction, in_heredoc) = holder(command).ok_or_else(|| Dropped::new("the command stands in no instruction"))?;
    let around = plain(command, instruction)?;
    if feeds(command) {
        return Err(Dropped::new("a heredoc feeds the command"));
    }
    let span = command.span();
    let text = sink.text(span.source);
    let escape = escape(sink);
    let cut = |sink: &mut Sink<'_>, start: usize, end: usize| sink.replace(Span::new(span.source, start as u32, end as u32), "");
    let between = |from: Node<'_>, to: Node<'_>| Joint::of(text, from.span().end as usize, to.span().start as usize, escape);
    let previous = around.before.filter(|_| !around.nested_before);
    let lead = previous.and_then(|previous| between(previous, command));
    if let Some(next) = around.after.filter(|_| !around.nested_after) {
        let joint = between(command, next).ok_or_else(|| Dropped::new("something else stands between the commands"))?;
        let lines = in_heredoc && joint.is_empty() && lead.as_ref().is_none_or(Joint::is_empty);
        match (joint.commented, previous, lead) {
            _ if lines && starts_line(text, span.start as usize) => {
                cut(sink, line_start(text, span.start as usize), next_line(text, span.end as usize));
            }
            (false, ..) => cut(sink, span.start as usize, next.span().start as usize),
            // The comment belongs to the next command: it stays, and so does its operator where ours can go instead.
            (true, Some(previous), Some(lead)) if !lead.commented && lead.word == joint.word => {
                cut(sink, previous.span().end as usize, span.end as usize);
            }
            (true, ..) => {
                cut(sink, span.start as usize, span.end as usize + blanks(&text[span.end as usize..joint.operator.0]));
                if !joint.is_empty() {
                    cut(sink, joint.operator.0, joint.operator.1);
                }
            }
        }
        return Ok(());
    }
    if in_heredoc
        && lead.as_ref().is_some_and(Joint::is_empty)
        && around.after.is_none()
        && !around.nested_after
        && starts_line(text, span.start as usize)
    {
        let behind = text[span.end as usize..line_end(text, span.end as usize)].trim_start();
        if behind.is_empty() || behind.starts_with('#') {
            cut(sink, line_start(text, span.start as usize), next_line(text, span.end as usize));
            return Ok(());
        }
    }
    if let Some(previous) = around.before.filter(|_| !around.nested_before && !around.nested_after && around.after.is_none()) {
        let joint = Joint::of(text, previous.span().end as usize, span.start as usize, escape).filter(|joint| !joint.commented);
        joint.ok_or_else(|| Dropped::new("something else stands between the commands"))?;
        cut(sink, previous.span().end as usize, span.end as usize);
        return Ok(());
    }
    if around.before.is_none() && around.after.is_none() && !around.nested_before && !around.nested_after {
        return Err(Dropped::new("it is the only command; remove the instruction"));
    }
    Err(Dropped::new("the command stands beside a construct"))
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// What stands between two commands that follow each other.
struct Joint {
    /// Where the operator stands, the blanks behind it included; empty where a line end joins them.
    operator: (usize, usize),
    word: &'static str,
    /// Whether there are comments, too.
    commented: bool,
}

impl Joint {
    /// Whether a line end alone joins the commands.
    const fn is_empty(&self) -> bool {
        self.word.is_empty()
    }

    /// Reads what is between; `None` if there is more than one operator, continuations and comments.
    fn of(text: &str, start: usize, end: usize, escape: char) -> Option<Self> {
        let mut at = start;
        let mut joint = Self { operator: (start, start), word: "", commented: false };
        while at < end {
            let rest = text.get(at..end)?;
            let first = rest.chars().next()?;
            if first.is_whitespace() || first == escape {
                at += first.len_utf8();
            } else if first == '#' {
                joint.commented = true;
                at += rest.find('\n').unwrap_or(rest.len());
            } else if joint.is_empty() && (rest.starts_with("&&") || first == ';') {
                joint.word = if first == ';' { ";" } else { "&&" };
                let length = joint.word.len();
                joint.operator = (at, at + length + blanks(&rest[length..]));
                at += length;
            } else {
                return None;
            }
        }
        Some(joint)
    }
}
