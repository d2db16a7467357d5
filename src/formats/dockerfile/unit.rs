//! A file as a row of instructions, before anything is made of them.

use crate::heredoc::{self, Marker};
use crate::instruction::{self, Instruction, Refused};
use crate::keyword::Keyword;
use crate::reader::{Body, Found, MAX_LINE, Reader};
use crate::text::{Cut, Text};
use plimsoll_document::Span;
use plimsoll_formats::{Comment, Problem, ProblemKind};

/// An instruction with its text and its heredocs.
pub(crate) struct Unit<'a> {
    pub(crate) text: Text<'a>,
    pub(crate) what: What,
    pub(crate) heredocs: Vec<(Marker<'static>, Body)>,
    /// From its keyword to its last byte, heredocs included.
    pub(crate) site: Span,
}

/// What a statement turned out to be.
pub(crate) enum What {
    Instruction(Instruction),
    /// Refused; what it would have been.
    Broken(Option<Keyword>),
}

/// Why a statement is refused.
pub(crate) struct Refusal {
    /// Its number among the units.
    pub(crate) unit: usize,
    /// The place that is wrong.
    pub(crate) at: Span,
    pub(crate) message: String,
    /// `unknown`, `arguments`, `line` or `order`.
    pub(crate) kind: &'static str,
}

/// A whole file.
pub(crate) struct FileUnits<'a> {
    pub(crate) units: Vec<Unit<'a>>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) directives: Vec<Found>,
    pub(crate) escape: u8,
    pub(crate) comments: Vec<Comment>,
    pub(crate) problems: Vec<Problem>,
}

pub(crate) fn read(source: &str) -> FileUnits<'_> {
    let mut reader = Reader::new(source);
    let mut units = vec![];
    let mut problems = vec![];
    let mut refusals = vec![];
    while let Some(statement) = reader.statement() {
        let text = statement.text;
        let whole = Cut::new(0, text.as_str().len()).trim(text.as_str());
        let mut site = text.span(whole);
        let mut heredocs = vec![];
        let mut refused = None;
        let what = match interpret(text.as_str(), whole, reader.escape()) {
            _ if statement.too_long => {
                refused = Some((site, format!("a line is longer than the {MAX_LINE} bytes that BuildKit reads")));
                What::Broken(None)
            }
            Ok(instruction) => match bodies(&mut reader, text.as_str(), &instruction) {
                Ok(found) => {
                    heredocs = found;
                    match instruction::check(text.as_str(), &instruction) {
                        None => What::Instruction(instruction),
                        Some(Refused { at, message, keyword }) => {
                            refused = Some((text.span(at), message));
                            What::Broken(keyword)
                        }
                    }
                }
                Err(message) => {
                    refused = Some((site, message));
                    What::Broken(Some(instruction.keyword))
                }
            },
            Err(Refused { at, message, keyword }) => {
                refused = Some((text.span(at), message));
                What::Broken(keyword)
            }
        };
        if let Some((_, body)) = heredocs.last() {
            site.end = body.end as u32;
        }
        if let Some((at, message)) = refused {
            let kind = match &what {
                What::Broken(None) if statement.too_long => "line",
                What::Broken(None) => "unknown",
                _ => "arguments",
            };
            refusals.push(Refusal { unit: units.len(), at, message: message.clone(), kind });
            problems.push(Problem { kind: ProblemKind::Syntax, at, message });
            if heredocs.is_empty() {
                reader.recover();
            }
        }
        units.push(Unit { text, what, heredocs, site });
    }
    for directive in &reader.directives {
        if let Some(message) = directive.refused {
            let at = Span::new(0, directive.value.0 as u32, directive.value.1 as u32);
            problems.push(Problem { kind: ProblemKind::Syntax, at, message: message.to_owned() });
        }
    }
    if units.is_empty() {
        problems.push(Problem { kind: ProblemKind::Syntax, at: Span::new(0, 0, 0), message: "the file has no instructions".to_owned() });
    }
    problems.sort_by_key(|problem| problem.at.start);
    let comments = covered(&reader, &units);
    FileUnits { units, refusals, escape: reader.escape(), directives: reader.directives, comments, problems }
}

fn interpret(text: &str, whole: Cut, escape: u8) -> Result<Instruction, Refused> {
    instruction::read(text, whole, escape, 0)?.ok_or_else(|| {
        let word = crate::argument::split_first(text, whole).0;
        let shown: String = word.of(text).chars().take(40).collect();
        Refused { at: word, message: format!("unknown instruction {shown}"), keyword: None }
    })
}

fn bodies(reader: &mut Reader<'_>, text: &str, instruction: &Instruction) -> Result<Vec<(Marker<'static>, Body)>, String> {
    if !text.contains("<<") || !instruction.takes_heredocs() {
        return Ok(vec![]);
    }
    let markers = heredoc::markers(text).map_err(|refused| refused.0)?;
    match reader.heredocs(&markers) {
        Ok(bodies) => Ok(markers.into_iter().zip(bodies).collect()),
        Err(number) => Err(format!("unterminated heredoc {}", markers.get(number).map_or("", |marker| &*marker.name))),
    }
}

/// Comments and directives, each with the instruction it stands before or in.
fn covered(reader: &Reader<'_>, units: &[Unit<'_>]) -> Vec<Comment> {
    let place = |at: &(usize, usize)| Span::new(0, at.0 as u32, at.1 as u32);
    let mut comments: Vec<Comment> = reader.directives.iter().map(|found| Comment { at: place(&found.line), covers: None }).collect();
    let mut next = 0;
    for at in &reader.comments {
        let at = place(at);
        while units.get(next).is_some_and(|unit| unit.site.end <= at.start) {
            next += 1;
        }
        comments.push(Comment { at, covers: units.get(next).map(|unit| unit.site) });
    }
    comments
}
