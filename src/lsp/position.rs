//! From byte offsets to the protocol's positions and back.

use crate::protocol::{Position, Range};

/// What a character is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// 16-bit units: what every client understands.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    const fn width(self, c: char) -> u32 {
        match self {
            Self::Utf8 => c.len_utf8() as u32,
            Self::Utf16 => c.len_utf16() as u32,
            Self::Utf32 => 1,
        }
    }

    fn measure(self, text: &str) -> u32 {
        if self == Self::Utf8 || text.is_ascii() { text.len() as u32 } else { text.chars().map(|c| self.width(c)).sum() }
    }
}

/// Where the lines of a text start, as the protocol counts them: a line ends with `\n`, `\r\n` or `\r`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        Self { starts: std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect() }
    }

    /// Bytes of a line (from 0) without its end.
    fn content<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let start = self.starts[line] as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |end| *end as usize);
        text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n'])
    }

    /// The position of a byte offset; inside a line end, the line's end; beyond the text, its end.
    pub(crate) fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let offset = text.floor_char_boundary(offset as usize);
        let line = self.starts.partition_point(|start| *start as usize <= offset) - 1;
        let content = self.content(text, line);
        let inside = (offset - self.starts[line] as usize).min(content.len());
        Position { line: line as u32, character: encoding.measure(&content[..inside]) }
    }

    /// The byte offset of a position; beyond a line, the line's end; beyond the text, its end; inside a character, its start.
    pub(crate) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let line = position.line as usize;
        if line >= self.starts.len() {
            return text.len() as u32;
        }
        let content = self.content(text, line);
        let mut left = position.character;
        let mut inside = content.len();
        for (at, c) in content.char_indices() {
            let width = encoding.width(c);
            if left < width {
                inside = at;
                break;
            }
            left -= width;
        }
        self.starts[line] + inside as u32
    }

    /// The range of `start..end`.
    pub(crate) fn range(&self, text: &str, start: u32, end: u32, encoding: Encoding) -> Range {
        Range { start: self.position(text, start, encoding), end: self.position(text, end.max(start), encoding) }
    }

    /// Bytes of the line that holds an offset, without its end.
    pub(crate) fn line_at(&self, text: &str, offset: u32) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        (self.starts[line], self.starts[line] + self.content(text, line).len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn each_encoding_counts_in_its_own_units() {
        let text = "é𝕏a\u{301}\tb\r\nx";
        let lines = Lines::new(text);
        assert_eq!(lines.position(text, 6, Encoding::Utf8), at(0, 6));
        assert_eq!(lines.position(text, 6, Encoding::Utf16), at(0, 3));
        assert_eq!(lines.position(text, 6, Encoding::Utf32), at(0, 2));
        assert_eq!(lines.position(text, 13, Encoding::Utf16), at(1, 0));
        assert_eq!(lines.offset(text, at(0, 2), Encoding::Utf16), 2);
        assert_eq!(lines.offset(text, at(0, 900), Encoding::Utf16), 11);
        assert_eq!(lines.offset(text, at(9, 0), Encoding::Utf16), 14);
    }

    #[test]
    fn lone_carriage_return_ends_a_line() {
        let text = "a\rb\r\nc\n";
        let lines = Lines::new(text);
        assert_eq!(lines.position(text, 2, Encoding::Utf16), at(1, 0));
        assert_eq!(lines.position(text, 4, Encoding::Utf16), at(1, 1));
        assert_eq!(lines.position(text, 7, Encoding::Utf16), at(3, 0));
        assert_eq!(lines.line_at(text, 3), (2, 3));
    }

    proptest::proptest! {
        #[test]
        fn offsets_survive_the_journey(text in "[a-z\t é𝕏\u{301}\r\n]{0,40}") {
            let lines = Lines::new(&text);
            for (offset, c) in text.char_indices() {
                if matches!(c, '\r' | '\n') {
                    continue;
                }
                for encoding in ALL {
                    let position = lines.position(&text, offset as u32, encoding);
                    proptest::prop_assert_eq!(lines.offset(&text, position, encoding), offset as u32);
                }
            }
        }
    }
}
