//! How the arguments of instructions are cut into words.

use crate::text::Cut;

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x0b | 0x0c | b'\r' | b' ')
}

/// Words between blanks, quotes without meaning: FROM, EXPOSE, VOLUME, ADD and COPY.
pub(crate) fn blank_separated(text: &str, cut: Cut) -> Vec<Cut> {
    let mut words = vec![];
    let mut start = cut.start as usize;
    for word in cut.of(text).as_bytes().split(|byte| is_blank(*byte)) {
        if !word.is_empty() {
            words.push(Cut::new(start, start + word.len()));
        }
        start += word.len() + 1;
    }
    words
}

/// The first word and the rest behind its blanks.
pub(crate) fn split_first(text: &str, cut: Cut) -> (Cut, Option<Cut>) {
    let slice = cut.of(text).as_bytes();
    let Some(len) = slice.iter().position(|byte| is_blank(*byte)) else { return (cut, None) };
    let blanks = slice[len..].iter().take_while(|byte| is_blank(**byte)).count();
    let start = cut.start as usize;
    (Cut::new(start, start + len), Some(Cut::new(start + len + blanks, cut.end as usize)))
}

/// Words with quotes and escapes, which stay in them: ENV, LABEL and ARG. An escape character that ends the text is not part of its word.
pub(crate) fn quoted(text: &str, cut: Cut, escape: u8) -> Vec<Cut> {
    let slice = cut.of(text);
    let base = cut.start as usize;
    let mut words = vec![];
    let mut start = None;
    let mut quote = None;
    let mut end = slice.len();
    let mut chars = slice.char_indices();
    while let Some((at, c)) = chars.next() {
        if start.is_none() {
            if c.is_whitespace() {
                continue;
            }
            start = Some(at);
        }
        let escapes = c == escape as char && quote != Some('\'');
        if escapes {
            if chars.next().is_none() {
                end = at;
            }
            continue;
        }
        match quote {
            Some(open) if c == open => quote = None,
            None if c.is_whitespace() => {
                words.extend(start.take().map(|start| Cut::new(base + start, base + at)));
            }
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
    }
    words.extend(start.filter(|start| *start < end).map(|start| Cut::new(base + start, base + end)));
    words
}

/// The offset of the first `=` of a word.
pub(crate) fn equals(text: &str, word: Cut) -> Option<usize> {
    word.of(text).bytes().position(|byte| byte == b'=').map(|at| word.start as usize + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        quoted(text, Cut::new(0, text.len()), b'\\').into_iter().map(|cut| cut.of(text)).collect()
    }

    #[test]
    fn quotes_and_escapes_hold_words_together() {
        assert_eq!(words(r#"a="b c" d='e \' f\ g=h"#), [r#"a="b c""#, r"d='e \'", r"f\ g=h"]);
        assert_eq!(words(r"a=b \"), ["a=b"]);
        assert_eq!(words(r"a=b\"), ["a=b"]);
        assert_eq!(words(r#"a="b\" c" d"#), [r#"a="b\" c""#, "d"]);
    }
}
