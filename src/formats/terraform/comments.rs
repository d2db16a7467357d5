//! What each comment covers.

use crate::syntax::{Body, Expr, ExprKind, Item};
use plimsoll_document::Span;
use plimsoll_formats::Comment;

/// Spans that a comment can cover: arguments, blocks, entries and items, in the order of their beginnings, outer ones first.
pub(crate) fn coverable(body: &Body) -> Vec<Span> {
    let mut spans = vec![];
    collect(body, &mut spans);
    spans
}

fn collect(body: &Body, spans: &mut Vec<Span>) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                spans.push(attribute.key.to(attribute.value.span));
                collect_expr(&attribute.value, spans);
            }
            Item::Block(block) => {
                spans.push(block.span);
                collect(&block.body, spans);
            }
        }
    }
}

fn collect_expr(expr: &Expr, spans: &mut Vec<Span>) {
    match &expr.kind {
        ExprKind::Tuple(items) => {
            for item in items {
                spans.push(item.span);
                collect_expr(item, spans);
            }
        }
        ExprKind::Object(entries) => {
            for (key, value) in entries {
                spans.push(key.span().to(value.span));
                collect_expr(value, spans);
            }
        }
        ExprKind::Parenthesis(inner) => collect_expr(inner, spans),
        ExprKind::Call(call) => call.arguments.iter().for_each(|argument| collect_expr(argument, spans)),
        _ => {}
    }
}

/// Pairs comments with what they cover: what stands before them on their line, else what comes next.
pub(crate) fn cover(text: &str, source: u32, comments: &[(u32, u32)], spans: &[Span]) -> Vec<Comment> {
    let mut by_end: Vec<Span> = spans.to_vec();
    by_end.sort_by_key(|span| (span.end, span.start));
    let mut out: Vec<Comment> = comments.iter().map(|(start, end)| Comment { at: Span::new(source, *start, *end), covers: None }).collect();
    let mut line_start = 0;
    let mut above = 0;
    let mut own_line = vec![false; comments.len()];
    for (at, (start, end)) in comments.iter().enumerate() {
        let newline = text[above..*start as usize].rfind('\n').map(|newline| above + newline + 1);
        let from = newline.unwrap_or(above);
        if at > 0 && newline.is_none() && text[line_start..above].find('\n').is_none() {
            // The second comment of a line covers what the first does; looking again for each would be quadratic.
            out[at].covers = out[at - 1].covers;
            own_line[at] = own_line[at - 1] && text[from..*start as usize].trim().is_empty();
        } else {
            line_start = text[..from].rfind('\n').map_or(0, |newline| newline + 1).max(if newline.is_some() { from } else { 0 });
            own_line[at] = text[line_start..*start as usize].trim_start_matches('\u{feff}').trim().is_empty();
            if !own_line[at] {
                out[at].covers = behind(line_start as u32, *start, spans, &by_end);
            }
        }
        above = *end as usize;
    }
    // From the last to the first, so that a comment above another covers what that one does.
    for at in (0..comments.len()).rev().filter(|at| own_line[*at]) {
        out[at].covers = next(text, comments[at].1, comments.get(at + 1).copied(), out.get(at + 1), spans);
    }
    out
}

fn next(text: &str, end: u32, following: Option<(u32, u32)>, following_comment: Option<&Comment>, spans: &[Span]) -> Option<Span> {
    let rest = &text[end as usize..];
    let blank = rest.len() - rest.trim_start().len();
    let place = end + blank as u32;
    if following.is_some_and(|(start, _)| start == place) {
        return following_comment.and_then(|comment| comment.covers);
    }
    let at = spans.partition_point(|span| span.start < place);
    spans.get(at).filter(|span| span.start == place).copied()
}

/// The outermost thing that begins on this line before the comment, else the outermost that ends there.
fn behind(line_start: u32, comment: u32, spans: &[Span], by_end: &[Span]) -> Option<Span> {
    let at = spans.partition_point(|span| span.start < line_start);
    if let Some(span) = spans.get(at).filter(|span| span.start < comment) {
        return Some(*span);
    }
    let at = by_end.partition_point(|span| span.end <= line_start);
    by_end[at..].iter().take_while(|span| span.end <= comment).min_by_key(|span| span.start).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> Vec<Option<&str>> {
        let file = crate::native::read(text, 0);
        let spans = coverable(&file.body);
        cover(text, 0, &file.comments, &spans)
            .iter()
            .map(|comment| comment.covers.map(|span| &text[span.start as usize..span.end as usize]))
            .collect()
    }

    #[test]
    fn a_comment_covers_what_comes_next_or_stands_before_it() {
        let text = "# a\n# b\nx \"y\" {\n  // c\n  m = 1 # d\n  n = [ # e\n    1, # f\n    # g\n  ]\n  # h\n} # i\n/* j */\n";
        let block = &text[8..text.find(" # i").unwrap_or(0)];
        let list = "n = [ # e\n    1, # f\n    # g\n  ]";
        assert_eq!(
            covered(text),
            [Some(block), Some(block), Some("m = 1"), Some("m = 1"), Some(list), Some("1"), None, None, Some(block), None]
        );
    }
}
