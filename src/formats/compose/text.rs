//! Text that remembers where each of its parts is written.

use plimsoll_document::{Flags, OriginEntry, Role, Span};
use std::ops::Range;
use std::rc::Rc;

/// Stands in a text for a part that cannot be told, so that splitting sees it as one character that is never a separator.
pub(crate) const HOLE: char = '\u{F8FF}';

/// A decoded string, cut into pieces by where they come from. Pieces cover the text without gaps; an empty text has one empty piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    words: String,
    pieces: Vec<Piece>,
    /// Why some piece cannot be told.
    cause: Option<Rc<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// End of the piece in the text; it begins where the one before ends.
    end: usize,
    /// Where it is written.
    span: Span,
    /// Whether it stands there byte for byte.
    verbatim: bool,
    /// Whether the text only holds a [`HOLE`] for it.
    hole: bool,
    flags: Flags,
    /// The literal that decided it, if that is elsewhere (a default, a line of `.env`).
    decided: Option<Span>,
}

impl Text {
    /// A text whose parts can be found again if it stands verbatim at `span` (`source` is the source's whole text): plain, or between
    /// quotes.
    pub(crate) fn written(text: String, span: Span, source: &str) -> Self {
        let mut at = span;
        let mut verbatim = false;
        for skip in 0..2 {
            let start = span.start as usize + skip;
            if start + text.len() + skip == span.end as usize && source.get(start..start + text.len()) == Some(text.as_str()) {
                at = Span::new(span.source, start as u32, (start + text.len()) as u32);
                verbatim = true;
                break;
            }
        }
        let piece = Piece { end: text.len(), span: at, verbatim, hole: false, flags: Flags::NONE, decided: None };
        Self { words: text, pieces: vec![piece], cause: None }
    }

    /// A text that is written at `span` in other words.
    pub(crate) fn implied(text: impl Into<String>, span: Span) -> Self {
        let text = text.into();
        let piece = Piece { end: text.len(), span, verbatim: false, hole: false, flags: Flags::NONE, decided: None };
        Self { words: text, pieces: vec![piece], cause: None }
    }

    /// A text without parts, to be extended.
    pub(crate) const fn empty() -> Self {
        Self { words: String::new(), pieces: vec![], cause: None }
    }

    /// The decoded text; only meaningful if nothing in it is unknown.
    pub(crate) fn as_str(&self) -> &str {
        &self.words
    }

    /// The decoded text, if all of it is known.
    pub(crate) fn known(&self) -> Option<&str> {
        self.cause.is_none().then_some(self.words.as_str())
    }

    /// Why it cannot be told.
    pub(crate) const fn cause(&self) -> Option<&Rc<str>> {
        self.cause.as_ref()
    }

    /// What holds of any of its pieces.
    pub(crate) fn flags(&self) -> Flags {
        self.pieces.iter().fold(Flags::NONE, |flags, piece| flags | piece.flags)
    }

    /// The smallest span that holds every piece, `whole` if there is none.
    pub(crate) fn span(&self, whole: Span) -> Span {
        self.pieces.iter().map(|piece| piece.span).reduce(Span::to).unwrap_or(whole)
    }

    /// The places that decided its pieces. One `decided` entry alone means that the whole text is that literal.
    pub(crate) fn origin(&self) -> Vec<OriginEntry> {
        let role = if self.pieces.len() == 1 { Role::Decided } else { Role::Also };
        self.pieces.iter().filter_map(|piece| piece.decided).map(|at| OriginEntry { role, at }).collect()
    }

    /// A part. Pieces that do not stand verbatim keep their whole span.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let mut pieces = vec![];
        let mut from = 0;
        for piece in &self.pieces {
            let start = range.start.clamp(from, piece.end);
            let end = range.end.clamp(from, piece.end);
            let last = pieces.is_empty() && piece.end >= range.end;
            if start < end || last {
                let span = if piece.verbatim {
                    let base = piece.span.start;
                    Span::new(piece.span.source, base + (start - from) as u32, base + (end.max(start) - from) as u32)
                } else {
                    piece.span
                };
                pieces.push(Piece { end: end.max(start) - range.start, span, ..piece.clone() });
            }
            from = piece.end;
            if piece.end >= range.end {
                break;
            }
        }
        let cause = if pieces.iter().any(|piece| piece.hole) { self.cause.clone() } else { None };
        Self { words: self.words.get(range).unwrap_or_default().to_owned(), pieces, cause }
    }

    /// The parts between occurrences of `separator`.
    pub(crate) fn split(&self, separator: char) -> Vec<Self> {
        let mut parts = vec![];
        let mut start = 0;
        for (at, _) in self.words.match_indices(separator) {
            parts.push(self.slice(start..at));
            start = at + separator.len_utf8();
        }
        parts.push(self.slice(start..self.words.len()));
        parts
    }

    /// The parts before and after the first `separator`.
    pub(crate) fn split_once(&self, separator: char) -> Option<(Self, Self)> {
        let at = self.words.find(separator)?;
        Some((self.slice(0..at), self.slice(at + separator.len_utf8()..self.words.len())))
    }

    /// The same place and flags with another text, where normalising changes the words (`/a/../b` is `/b`).
    #[must_use]
    pub(crate) fn reworded(&self, text: String) -> Self {
        if text == self.words {
            return self.clone();
        }
        let Some(first) = self.pieces.first() else { return Self { words: text, pieces: vec![], cause: self.cause.clone() } };
        let span = self.pieces.iter().map(|piece| piece.span).reduce(Span::to).unwrap_or(first.span);
        let decided = if self.pieces.len() == 1 { first.decided } else { None };
        let piece = Piece { end: text.len(), span, verbatim: false, hole: self.cause.is_some(), flags: self.flags(), decided };
        Self { words: text, pieces: vec![piece], cause: self.cause.clone() }
    }

    /// Appends another text.
    pub(crate) fn push(&mut self, other: &Self) {
        let base = self.words.len();
        self.words.push_str(&other.words);
        self.pieces.extend(other.pieces.iter().map(|piece| Piece { end: piece.end + base, ..piece.clone() }));
        if self.cause.is_none() {
            self.cause.clone_from(&other.cause);
        }
    }

    /// Appends what a variable expression written at `span` is worth.
    pub(crate) fn push_value(&mut self, value: &str, span: Span, flags: Flags, decided: Option<Span>) {
        self.words.push_str(value);
        self.pieces.push(Piece { end: self.words.len(), span, verbatim: false, hole: false, flags, decided });
    }

    /// Appends a part that cannot be told.
    pub(crate) fn push_hole(&mut self, span: Span, cause: Rc<str>) {
        self.words.push(HOLE);
        self.pieces.push(Piece { end: self.words.len(), span, verbatim: false, hole: true, flags: Flags::FROM_VARIABLE, decided: None });
        self.cause.get_or_insert(cause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_of_quoted_text_is_spanned_inside_the_quotes() {
        let source = "x: \"8080:80\"";
        let text = Text::written("8080:80".to_owned(), Span::new(0, 3, 12), source);
        let parts = text.split(':');
        let spans: Vec<_> = parts.iter().map(|part| part.span(Span::default())).collect();
        assert_eq!(spans, [Span::new(0, 4, 8), Span::new(0, 9, 11)]);
        assert_eq!(parts[1].as_str(), "80");
    }

    #[test]
    fn a_slice_of_escaped_text_keeps_the_whole_scalar() {
        let source = r#"x: "a\t:b""#;
        let text = Text::written("a\t:b".to_owned(), Span::new(0, 3, 10), source);
        assert_eq!(text.split(':')[1].span(Span::default()), Span::new(0, 3, 10));
    }

    #[test]
    fn an_empty_part_is_a_zero_width_place() {
        let text = Text::written("KEY=".to_owned(), Span::new(0, 0, 4), "KEY=");
        let (_, value) = text.split_once('=').unwrap_or((Text::empty(), Text::empty()));
        assert_eq!(value.span(Span::default()), Span::new(0, 4, 4));
    }

    #[test]
    fn only_the_part_with_the_variable_is_unknown() {
        let mut text = Text::written("a:".to_owned(), Span::new(0, 0, 2), "a:${B}");
        text.push_hole(Span::new(0, 2, 6), "no value".into());
        let parts = text.split(':');
        assert_eq!(parts[0].known(), Some("a"));
        assert_eq!(parts[1].known(), None);
    }
}
