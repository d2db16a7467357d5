//! Physical lines to statements: comments, directives, continuations and heredoc bodies, as BuildKit's line parser sees them.

use crate::directive::{self, Directive, Name};
use crate::heredoc::Marker;
use crate::keyword::Keyword;
use crate::text::Text;

/// A line longer than this, its line end included, is refused by BuildKit.
pub(crate) const MAX_LINE: usize = 64 * 1024;

/// Unterminated heredocs after which no more are looked for.
const MAX_UNTERMINATED: u32 = 16;

/// One instruction's logical text.
pub(crate) struct Statement<'a> {
    pub(crate) text: Text<'a>,
    /// A physical line of it is longer than BuildKit reads.
    pub(crate) too_long: bool,
}

/// The body of a heredoc, by byte ranges of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    /// From the first byte of the first line to the first byte of the terminator's line.
    pub(crate) content: (usize, usize),
    /// End of the terminator, line end excluded.
    pub(crate) end: usize,
}

/// A directive of the file, by byte ranges of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) name: Name,
    pub(crate) line: (usize, usize),
    pub(crate) key: (usize, usize),
    pub(crate) value: (usize, usize),
    /// What is wrong with it, if anything.
    pub(crate) refused: Option<&'static str>,
}

pub(crate) struct Reader<'a> {
    source: &'a str,
    at: usize,
    escape: u8,
    in_directives: bool,
    /// Heredocs that were searched to the end of the file in vain.
    unterminated: u32,
    /// Byte ranges of comments, in order.
    pub(crate) comments: Vec<(usize, usize)>,
    pub(crate) directives: Vec<Found>,
}

/// A physical line: its text without line end, and where the next one begins.
struct Line<'a> {
    text: &'a str,
    start: usize,
    next: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        let at = if source.starts_with('\u{feff}') { 3 } else { 0 };
        Self { source, at, escape: b'\\', in_directives: true, unterminated: 0, comments: vec![], directives: vec![] }
    }

    pub(crate) const fn escape(&self) -> u8 {
        self.escape
    }

    fn line(&mut self) -> Option<Line<'a>> {
        let start = self.at;
        let rest = &self.source[start..];
        if rest.is_empty() {
            return None;
        }
        let (text, next) = match rest.as_bytes().iter().position(|byte| *byte == b'\n') {
            Some(len) => (&rest[..len], start + len + 1),
            None => (rest, self.source.len()),
        };
        self.at = next;
        Some(Line { text: text.trim_end_matches(['\r', '\n']), start, next })
    }

    const fn too_long(&self, line: &Line<'_>) -> bool {
        let bytes = line.next - line.start;
        bytes > MAX_LINE || (bytes == MAX_LINE && line.next == self.source.len())
    }

    /// The next statement; blank lines, comments and directives before it are passed and kept.
    pub(crate) fn statement(&mut self) -> Option<Statement<'a>> {
        loop {
            let line = self.line()?;
            let text = line.text.trim_start();
            let start = line.start + (line.text.len() - text.len());
            let comment = text.starts_with('#');
            if self.in_directives {
                self.in_directives = comment && self.directive(&line);
                if self.in_directives {
                    continue;
                }
            }
            if text.is_empty() {
                continue;
            }
            if comment {
                self.comments.push((start, start + text.len()));
                continue;
            }
            let mut too_long = self.too_long(&line);
            let (content, mut more) = self.continuation(text);
            let mut logical = Text::verbatim(content, start);
            while more {
                let Some(line) = self.line() else { break };
                too_long |= self.too_long(&line);
                let text = line.text.trim_start();
                if text.is_empty() {
                    continue;
                }
                if text.starts_with('#') {
                    let start = line.start + (line.text.len() - text.len());
                    self.comments.push((start, start + text.len()));
                    continue;
                }
                let content;
                (content, more) = self.continuation(line.text);
                logical.push(content, line.start);
            }
            return Some(Statement { text: logical, too_long });
        }
    }

    /// Whether the line is a directive, which is then kept.
    fn directive(&mut self, line: &Line<'a>) -> bool {
        let Some(Directive { name, key, value }) = directive::read(line.text) else { return false };
        let place = |range: (usize, usize)| (line.start + range.0, line.start + range.1);
        let text = &line.text[value.0..value.1];
        let refused = if self.directives.iter().any(|before| before.name == name) {
            Some("only one parser directive of a name can be used")
        } else if name == Name::Escape && text != "`" && text != "\\" {
            Some("the escape directive takes a backslash or a backtick")
        } else {
            None
        };
        if name == Name::Escape && refused.is_none() {
            self.escape = text.as_bytes()[0];
        }
        let hash = line.text.len() - line.text.trim_start().len();
        let line = (line.start + hash, line.start + line.text.len());
        self.directives.push(Found { name, line, key: place(key), value: place(value), refused });
        true
    }

    /// What a line says without its continuation mark, and whether it has one.
    fn continuation<'t>(&self, line: &'t str) -> (&'t str, bool) {
        let trimmed = line.trim_end_matches([' ', '\t']);
        let bytes = trimmed.as_bytes();
        match bytes {
            [before @ .., last] if *last == self.escape && before.last() != Some(&self.escape) => (&trimmed[..before.len()], true),
            _ => (line, false),
        }
    }

    /// Reads the bodies of a statement's heredocs. On `Err(n)` the n-th is unterminated and the reader stands where it stood before.
    pub(crate) fn heredocs(&mut self, markers: &[Marker<'_>]) -> Result<Vec<Body>, usize> {
        // BuildKit gives up at the first. We go on, but a file of thousands must not be searched to its end for each.
        if self.unterminated >= MAX_UNTERMINATED && !markers.is_empty() {
            return Err(0);
        }
        let before = self.at;
        let mut bodies = Vec::with_capacity(markers.len());
        for (number, marker) in markers.iter().enumerate() {
            let start = self.at;
            loop {
                let Some(line) = self.line() else {
                    self.at = before;
                    self.unterminated += 1;
                    return Err(number);
                };
                let text = if marker.strip { line.text.trim_start_matches('\t') } else { line.text };
                if text == marker.name {
                    bodies.push(Body { content: (start, line.start), end: line.start + line.text.len() });
                    break;
                }
            }
        }
        Ok(bodies)
    }

    /// After an error: passes lines up to the next that starts with a known keyword. Comments on the way are kept.
    pub(crate) fn recover(&mut self) {
        loop {
            let before = self.at;
            let Some(line) = self.line() else { return };
            let text = line.text.trim_start();
            if text.starts_with('#') {
                let start = line.start + (line.text.len() - text.len());
                self.comments.push((start, start + text.len()));
                continue;
            }
            let word = text.split([' ', '\t', '\x0b', '\x0c']).next().unwrap_or_default();
            if Keyword::of(word).is_some() {
                self.at = before;
                return;
            }
        }
    }
}
