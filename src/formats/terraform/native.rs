//! HCL's native syntax: items are split by the scanner and parsed one by one, so that a mistake costs one item.

mod convert;
mod relocate;
mod template;

use crate::scan::{self, Event, ItemRange, Lexer};
use crate::syntax::{Body, Expr, ExprKind, Item};
use hcl_edit::expr as hcl;
use hcl_edit::structure as tree;
use hcl_edit::template::Template;
use plimsoll_document::Span;
use plimsoll_formats::{Problem, ProblemKind};
use relocate::relocate;
use std::ops::Range;

/// What a file in native syntax holds.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) body: Body,
    /// Comments in order.
    pub(crate) comments: Vec<(u32, u32)>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a whole file, the source number `source`. A byte-order mark is skipped.
pub(crate) fn read(text: &str, source: u32) -> File {
    let mut file = File::default();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let reader = Reader { text, source };
    let shape = scan::shape(text, start, text.len());
    for item in shape.items {
        reader.item(item, 0, &mut file.body, &mut file.problems);
    }
    // The parser sees one item at a time, so it cannot see this.
    let mut seen = std::collections::HashSet::new();
    for item in &file.body.items {
        if let Item::Attribute(attribute) = item
            && !seen.insert(&attribute.name)
        {
            file.body.open = true;
            file.problems.push(Problem {
                kind: ProblemKind::Syntax,
                at: attribute.key,
                message: format!("{} is set twice", attribute.name),
            });
        }
    }
    file.comments = shape.comments;
    file
}

/// Reads a template without quotes around it, as Terraform's JSON syntax has it in strings; spans are those of `site`.
pub(crate) fn template(text: &str, site: Span) -> Option<Expr> {
    let parsed: Template = text.parse().ok()?;
    let reader = Reader { text, source: site.source };
    let mut expr = Expr { span: site, kind: ExprKind::Template(reader.parts(parsed)) };
    relocate(&mut expr, site);
    Some(expr)
}

/// Reads a bare expression written in a JSON string.
pub(crate) fn expression(text: &str, site: Span) -> Option<Expr> {
    let parsed: hcl::Expression = text.parse().ok()?;
    let mut expr = Reader { text, source: site.source }.expr(parsed, 0);
    relocate(&mut expr, site);
    Some(expr)
}

/// How deep a broken item is searched for intact parts.
const RECOVERY_DEPTH: u32 = 4;
/// How many second tries one item gets.
const RETRIES: u32 = 16;

struct Reader<'a> {
    text: &'a str,
    source: u32,
}

impl Reader<'_> {
    fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.source, start, end)
    }

    fn item(&self, range: ItemRange, depth: u32, into: &mut Body, problems: &mut Vec<Problem>) {
        let problem = match range.mistake {
            Some(mistake) => {
                Problem { kind: ProblemKind::Syntax, at: self.character(mistake.at as usize), message: mistake.cause.to_owned() }
            }
            None => match self.parse(range) {
                Ok(body) => {
                    into.items.extend(body.items);
                    return;
                }
                Err(problem) => problem,
            },
        };
        into.open = true;
        if depth == 0 || range.mistake.is_none() {
            problems.push(problem);
        }
        self.recover(range, depth, into);
    }

    /// Keeps what is intact of a broken block: its header and those of its items that parse.
    fn recover(&self, range: ItemRange, depth: u32, into: &mut Body) {
        let text = &self.text[range.start as usize..range.end as usize];
        // A mistake in front of the block (a carriage return alone) may be white space, which is no part of its site.
        let start = range.end - text.trim_start().len() as u32;
        let text = text.trim();
        let end = start as usize + text.len();
        let Some(line_end) = text.find('\n') else { return };
        let Some(brace) = text[..line_end].rfind('{') else { return };
        // The header alone, closed at once, must be a block.
        let header = format!("{}{{}}", &text[..brace]);
        let Ok(parsed) = header.parse::<tree::Body>() else { return };
        let Some(tree::Structure::Block(block)) = parsed.into_iter().next() else { return };
        let Item::Block(mut block) = self.block(block, start) else { return };
        block.span = self.span(start, end as u32);
        block.body.open = true;
        if depth < RECOVERY_DEPTH {
            let inner_end = if text.ends_with('}') { end - 1 } else { end };
            let inner = start as usize + brace + 1;
            let shape = scan::shape(self.text, inner, inner_end.max(inner));
            // The first mistake is reported; what follows from it inside is not news.
            let mut ignored = vec![];
            for item in shape.items {
                self.item(item, depth + 1, &mut block.body, &mut ignored);
            }
        }
        into.items.push(Item::Block(block));
    }

    fn parse(&self, range: ItemRange) -> Result<Body, Problem> {
        let text = &self.text[range.start as usize..range.end as usize];
        let mut patched: Option<String> = None;
        for attempt in 0..RETRIES {
            let error = match hcl_edit::parser::parse_body(patched.as_deref().unwrap_or(text)) {
                Ok(body) => return Ok(self.body(body, range.start)),
                Err(error) => error,
            };
            let at = error.location().offset();
            let next = if error.message().contains("redefined object key") {
                patched.unwrap_or_else(|| text.to_owned()).rename_key(at, attempt)
            } else if attempt == 0 {
                join_object_for(text)
            } else {
                None
            };
            match next {
                Some(next) => patched = Some(next),
                None => return Err(self.problem(&error, range)),
            }
        }
        Err(Problem {
            kind: ProblemKind::Limit,
            at: self.span(range.start, range.start),
            message: "too many keys of one object are written twice".to_owned(),
        })
    }

    fn problem(&self, error: &hcl_edit::parser::Error, range: ItemRange) -> Problem {
        let message = error.message();
        let kind = if message.contains("nested levels") || message.contains("chained binary operators") {
            ProblemKind::Limit
        } else {
            ProblemKind::Syntax
        };
        // The parser goes by bytes and may fail inside a character.
        let at = self.text.floor_char_boundary(range.start as usize + error.location().offset()).min(range.end as usize);
        Problem { kind, at: self.character(at), message: message.replace('\n', ", ").to_lowercase() }
    }

    /// The place of one character; of a line break, that in front of it.
    fn character(&self, at: usize) -> Span {
        let width = self.text[at..].chars().next().map_or(0, |c| if c == '\n' { 0 } else { c.len_utf8() });
        self.span(at as u32, (at + width) as u32)
    }

    fn at(&self, range: Option<Range<usize>>, offset: u32) -> Span {
        let range = range.unwrap_or_default();
        self.span(range.start as u32 + offset, range.end as u32 + offset)
    }
}

/// Terraform lets a later key of an object win; the parser refuses the second. Its name is replaced by another of the same length, so
/// that every offset stays, and the tree takes names from the source.
trait RenameKey {
    fn rename_key(self, at: usize, attempt: u32) -> Option<String>;
}

impl RenameKey for String {
    fn rename_key(self, at: usize, attempt: u32) -> Option<String> {
        let at = at + self.get(at..)?.bytes().take_while(u8::is_ascii_whitespace).count();
        let quoted = self.as_bytes().get(at) == Some(&b'"');
        let start = at + usize::from(quoted);
        let length = self
            .get(start..)?
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/'))
            .count();
        if length == 0 || (quoted && self.as_bytes().get(start + length) != Some(&b'"')) {
            return None;
        }
        // Letters that no real key is made of in this order; the attempt keeps several renamed keys apart.
        let name: String = (0..length).map(|at| if at == 0 { char::from(b'A' + (attempt % 26) as u8) } else { 'Z' }).collect();
        Some(format!("{}{name}{}", &self[..start], &self[start + length..]))
    }
}

/// The parser takes a line break in the value of `{ for … : k => v }` for its end, where HCL ignores it: there, line breaks and comments
/// become spaces, which moves nothing. `None` if there are none.
fn join_object_for(text: &str) -> Option<String> {
    let mut lexer = Lexer::new(text, 0, text.len());
    let mut depth_of_for: Vec<usize> = vec![];
    let mut opened: Option<usize> = None;
    let mut blanks: Vec<(usize, usize)> = vec![];
    while let Some(event) = lexer.next() {
        while depth_of_for.last().is_some_and(|depth| lexer.depth() < *depth) {
            depth_of_for.pop();
        }
        match event {
            Event::Open(b'{', at) => opened = Some(at),
            Event::Token(at) if opened.is_some() => {
                opened = None;
                if text[at..].strip_prefix("for").is_some_and(|rest| rest.starts_with([' ', '\t', '\n', '\r'])) {
                    depth_of_for.push(lexer.depth());
                }
            }
            Event::Newline(at) if depth_of_for.last() == Some(&lexer.depth()) => blanks.push((at, at + 1)),
            Event::Comment(start, end) if depth_of_for.last() == Some(&lexer.depth()) => blanks.push((start, end)),
            Event::Newline(_) | Event::Comment(..) => {}
            _ => opened = None,
        }
    }
    if blanks.is_empty() {
        return None;
    }
    let mut joined = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in blanks {
        joined.push_str(&text[from..start]);
        joined.extend(std::iter::repeat_n(' ', end - start));
        from = end;
    }
    joined.push_str(&text[from..]);
    Some(joined)
}
