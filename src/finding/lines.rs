//! From byte offsets to lines and columns.

use crate::{Position, Range};

/// Where each line of a text starts. A line ends with `\n`, as git and every parser of ours count; a `\r` before it belongs to the line end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Indexes a text once; positions then cost a search and the length of one line.
    pub fn new(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Number of lines; a text that ends with a line end has an empty last one.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The byte offset where a line (from 1) starts, or the text's last line start beyond the end.
    pub fn start(&self, line: u32) -> u32 {
        let last = self.starts.len() - 1;
        self.starts[(line.max(1) as usize - 1).min(last)]
    }

    /// The position of a byte offset in the text that was indexed; beyond its end, the end; inside a scalar, the scalar's start.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= offset);
        let start = self.starts[line - 1] as usize;
        let column = text.get(start..offset).map_or(0, |before| before.chars().count());
        Position { line: line as u32, column: column as u32 + 1, offset: offset as u32 }
    }

    /// The range of `start..end`.
    pub fn range(&self, text: &str, start: u32, end: u32) -> Range {
        Range { start: self.position(text, start), end: self.position(text, end.max(start)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalars_and_offsets_bytes() {
        let text = "é𝕏a\r\nb";
        let lines = Lines::new(text);
        assert_eq!(lines.position(text, 6), Position { line: 1, column: 3, offset: 6 });
        assert_eq!(lines.position(text, 3), Position { line: 1, column: 2, offset: 2 });
        assert_eq!(lines.position(text, 9), Position { line: 2, column: 1, offset: 9 });
        assert_eq!(lines.position(text, 900), Position { line: 2, column: 2, offset: 10 });
        assert_eq!((lines.count(), lines.start(2), lines.start(9)), (2, 9, 9));
    }

    #[test]
    fn end_of_a_text_is_a_line_of_its_own_after_a_line_end() {
        let lines = Lines::new("a\n");
        assert_eq!(lines.position("a\n", 2), Position { line: 2, column: 1, offset: 2 });
        assert_eq!(Lines::new("").position("", 0), Position { line: 1, column: 1, offset: 0 });
    }
}
