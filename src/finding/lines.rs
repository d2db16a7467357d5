//! From byte offsets to lines and columns.

use crate::{Position, Range};

/// Where each line of a text starts. A line ends with `\n`, as git and every parser of ours count; a `\r` before it belongs to the line end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    starts: Vec<u32>,
    /// In long lines (JSON on a single one), every so many bytes: the offset, and the characters of its line before it.
    marks: Vec<(u32, u32)>,
}

/// Bytes between two marks of a line, about.
const STRIDE: usize = 4096;

impl Lines {
    /// Indexes a text once; positions then cost a search, however long the line is.
    pub fn new(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
        let mut marks = vec![];
        let behind = starts.iter().skip(1).map(|next| *next as usize).chain([text.len()]);
        for (start, end) in starts.iter().map(|start| *start as usize).zip(behind) {
            let (mut at, mut characters) = (start, 0);
            while end - at > STRIDE {
                let next = text.ceil_char_boundary(at + STRIDE);
                characters += text[at..next].chars().count();
                at = next;
                marks.push((at as u32, characters as u32));
            }
        }
        Self { starts, marks }
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
        let passed = self.marks.partition_point(|(at, _)| *at as usize <= offset);
        let mark = passed.checked_sub(1).map(|last| self.marks[last]).filter(|(at, _)| *at as usize > start);
        let (from, before) = mark.map_or((start, 0), |(at, characters)| (at as usize, characters));
        let column = before + text.get(from..offset).map_or(0, |rest| rest.chars().count() as u32);
        Position { line: line as u32, column: column + 1, offset: offset as u32 }
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

    #[test]
    fn columns_of_a_long_line_are_those_of_a_count() {
        let text = format!("a\n{}\n{}b", "é".repeat(5000), "xé𝕏".repeat(4000));
        let lines = Lines::new(&text);
        for (at, _) in text.char_indices().step_by(97) {
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            assert_eq!(lines.position(&text, at as u32).column as usize, text[start..at].chars().count() + 1, "{at}");
        }
    }
}
