//! Logical text: what several physical lines mean together, with the way back to the bytes of the source.

use plimsoll_document::Span;
use std::borrow::Cow;

/// A byte range of a [`Text`] (never of the source).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Cut {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Cut {
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The range without leading and trailing white space.
    pub(crate) fn trim(self, text: &str) -> Self {
        let slice = self.of(text);
        let start = self.start as usize + (slice.len() - slice.trim_start().len());
        Self::new(start, start + slice.trim().len())
    }
}

/// Where a run of logical text begins in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Segment {
    logical: u32,
    source: u32,
}

/// Text with the place in the source that each byte of it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Text<'a> {
    joined: Cow<'a, str>,
    /// Empty where the whole text is one run that begins at `base`.
    segments: Vec<Segment>,
    base: u32,
}

impl<'a> Text<'a> {
    /// A slice of the source that begins at `base`.
    pub(crate) const fn verbatim(text: &'a str, base: usize) -> Self {
        Self { joined: Cow::Borrowed(text), segments: vec![], base: base as u32 }
    }

    /// Adds a run that begins at `source`.
    pub(crate) fn push(&mut self, run: &str, source: usize) {
        if run.is_empty() {
            return;
        }
        let logical = self.joined.len() as u32;
        if self.segments.is_empty() {
            if self.joined.is_empty() {
                self.base = source as u32;
            }
            self.segments.push(Segment { logical: 0, source: self.base });
        }
        if logical != 0 && self.at(logical) != source as u32 {
            self.segments.push(Segment { logical, source: source as u32 });
        }
        self.joined.to_mut().push_str(run);
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.joined
    }

    /// The source offset of a logical offset; the end of the text maps to the end of its last run.
    pub(crate) fn at(&self, logical: u32) -> u32 {
        if self.segments.is_empty() {
            return self.base + logical;
        }
        let after = self.segments.partition_point(|segment| segment.logical <= logical);
        let segment = self.segments[after.max(1) - 1];
        segment.source + (logical - segment.logical)
    }

    /// The source range of a logical range. What was dropped between two runs (line ends, comments) lies inside.
    pub(crate) fn span(&self, cut: Cut) -> Span {
        let start = self.at(cut.start);
        let end = if cut.is_empty() { start } else { self.at(cut.end - 1) + 1 };
        Span::new(0, start, end)
    }

    /// Part of this text as a text of its own.
    pub(crate) fn part(&self, cut: Cut) -> Text<'_> {
        let slice = cut.of(&self.joined);
        if self.segments.len() < 2 {
            return Text::verbatim(slice, self.at(cut.start) as usize);
        }
        let mut segments = vec![Segment { logical: 0, source: self.at(cut.start) }];
        let inside = self.segments.iter().filter(|segment| segment.logical > cut.start && segment.logical < cut.end);
        segments.extend(inside.map(|segment| Segment { logical: segment.logical - cut.start, source: segment.source }));
        Text { joined: Cow::Borrowed(slice), base: segments[0].source, segments }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn offsets_lead_back_to_their_line() {
        let mut text = Text::verbatim("RUN a ", 10);
        text.push("  b", 30);
        text.push("c", 33);
        assert_eq!(text.as_str(), "RUN a   bc");
        assert_eq!(text.span(Cut::new(4, 5)), Span::new(0, 14, 15));
        assert_eq!(text.span(Cut::new(6, 10)), Span::new(0, 30, 34));
        assert_eq!(text.span(Cut::new(0, 6)), Span::new(0, 10, 16));
        let part = text.part(Cut::new(4, 9));
        assert_eq!(part.as_str(), "a   b");
        assert_eq!(part.span(Cut::new(4, 5)), Span::new(0, 32, 33));
    }
}
