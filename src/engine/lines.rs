//! A file's text with its lines, so that byte offsets become locations.

use plimsoll_finding::{Lines, Location};
use std::sync::Arc;

/// The lines of one text, and the path it goes by.
#[derive(Debug, Clone)]
pub struct LineIndex {
    path: Arc<str>,
    text: Arc<str>,
    lines: Lines,
}

impl LineIndex {
    /// Indexes a text.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into(), lines: Lines::new(text) }
    }

    /// The location of a byte range.
    pub fn location(&self, start: u32, end: u32) -> Location {
        Location { path: self.path.clone(), range: self.lines.range(&self.text, start, end) }
    }
}

/// The start of a file, for what has no place in it.
pub(crate) fn start_of(path: &str) -> Location {
    LineIndex::new(path, "").location(0, 0)
}
