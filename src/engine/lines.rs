//! Byte offsets become lines and columns.

use plimsoll_finding::{Location, Position, Range};
use std::sync::Arc;

/// The line starts of one text. Lines end at LF, CRLF or a lone CR, columns count Unicode scalar values.
#[derive(Debug, Clone)]
pub struct LineIndex {
    path: Arc<str>,
    text: Arc<str>,
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes a text.
    pub fn new(path: &str, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at as u32 + 1);
            }
        }
        Self { path: path.into(), text: text.into(), starts }
    }

    /// The path.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The position of a byte offset; one past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.text.len() as u32);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = self.text.as_bytes().get(self.starts[line] as usize..offset as usize).unwrap_or_default();
        // Scalar values, counted by their first bytes: an offset inside a character counts as its start.
        let column = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        Position { line: line as u32 + 1, column: column as u32 + 1, offset }
    }

    /// The location of a byte range.
    pub fn location(&self, start: u32, end: u32) -> Location {
        Location { path: self.path.clone(), range: Range { start: self.position(start), end: self.position(end.max(start)) } }
    }

    /// Number of lines that hold something, or end with a line end.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalar_values() {
        let index = LineIndex::new("f", "a\r\nüb𝄞c\rd");
        assert_eq!(index.position(0), Position { line: 1, column: 1, offset: 0 });
        assert_eq!(index.position(3), Position { line: 2, column: 1, offset: 3 });
        assert_eq!(index.position(10), Position { line: 2, column: 4, offset: 10 });
        assert_eq!(index.position(12), Position { line: 3, column: 1, offset: 12 });
        assert_eq!(index.position(99), Position { line: 3, column: 2, offset: 13 });
    }
}
