//! Text that does nothing but be read.

use std::fmt::Write;

/// Whether a character could move the cursor, hide text or turn its direction.
pub(crate) fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

/// One line of text: control characters, terminal sequences, line ends and direction marks as escapes.
pub fn control(text: &str) -> String {
    escape(text, "")
}

/// Text of several lines: as [`control`], line ends and tabs kept.
pub fn lines(text: &str) -> String {
    escape(text, "\n\t")
}

fn escape(text: &str, keep: &str) -> String {
    // What nearly every text is.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if !is_hostile(c) || keep.contains(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal() {
        assert_eq!(control("a\u{1b}[31mb\r\n\u{202e}\u{9b}2J"), "a\\u{1b}[31mb\\r\\n\\u{202e}\\u{9b}2J");
        assert_eq!(lines("a\tb\n\u{7}"), "a\tb\n\\u{7}");
        assert_eq!(control("café 𝕏 `x`"), "café 𝕏 `x`");
    }
}
