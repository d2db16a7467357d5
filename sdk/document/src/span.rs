//! Where a value is written.

/// A byte range in one source of a document: `source` counts the document's sources from 0, `start..end` are UTF-8 byte offsets into
/// that source's text (never into the joined bytes of the document).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// Index into the document's sources.
    pub source: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `start..end` in `source`.
    pub const fn new(source: u32, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }

    /// Whether `other` lies inside this span of the same source.
    pub const fn contains(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// Number of bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte: the value is implied, and `start` says where it would be written.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The smallest span that holds both; the sources must be the same, else `self` is returned.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source == other.source { Self::new(self.source, self.start.min(other.start), self.end.max(other.end)) } else { self }
    }
}
