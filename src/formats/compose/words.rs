//! Splitting a command written as a string, as compose-go does (go-shellwords): quotes and backslashes are removed, nothing is expanded,
//! and everything from the first `;`, `&`, `|`, `<` or `>` on is lost.

use crate::text::Text;

/// The words, or `None` where Compose refuses the string (an open quote, a stray bracket).
pub(crate) fn split(text: &Text) -> Option<Vec<Text>> {
    let source = text.as_str();
    let mut words = vec![];
    let mut state = State::default();
    for (at, c) in source.char_indices() {
        if state.escaped {
            state.push(at, c);
            state.escaped = false;
            continue;
        }
        if c == '\\' {
            state.begin(at);
            if state.single {
                state.word.push(c);
            } else {
                state.escaped = true;
            }
            continue;
        }
        if matches!(c, ' ' | '\t' | '\r' | '\n') {
            if state.quoted() {
                state.word.push(c);
            } else if state.got {
                words.push(state.finish(text, at));
            }
            continue;
        }
        match c {
            '`' if !state.single && !state.double && !state.dollar => state.back = !state.back,
            ')' if !state.single && !state.double && !state.back => state.dollar = !state.dollar,
            '(' if !state.single && !state.double && !state.back => {
                if state.dollar || !state.word.ends_with('$') {
                    return None;
                }
                state.dollar = true;
                state.word.push(c);
                continue;
            }
            '"' if !state.single && !state.dollar => {
                state.begin(at);
                state.got |= state.double;
                state.double = !state.double;
                continue;
            }
            '\'' if !state.double && !state.dollar => {
                state.begin(at);
                state.got |= state.single;
                state.single = !state.single;
                continue;
            }
            ';' | '&' | '|' | '<' | '>' if !state.quoted() => {
                if c == '>' && state.word.starts_with(|c: char| c.is_ascii_digit()) {
                    state.got = false;
                }
                if state.got {
                    words.push(state.finish(text, at));
                }
                return Some(words);
            }
            _ => {}
        }
        state.push(at, c);
    }
    if state.escaped || state.quoted() {
        return None;
    }
    if state.got {
        words.push(state.finish(text, source.len()));
    }
    Some(words)
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "go-shellwords' own state, kept in its terms")]
struct State {
    word: String,
    start: Option<usize>,
    got: bool,
    escaped: bool,
    double: bool,
    single: bool,
    back: bool,
    dollar: bool,
}

impl State {
    const fn quoted(&self) -> bool {
        self.single || self.double || self.back || self.dollar
    }

    fn begin(&mut self, at: usize) {
        self.start.get_or_insert(at);
    }

    fn push(&mut self, at: usize, c: char) {
        self.begin(at);
        self.got = true;
        self.word.push(c);
    }

    fn finish(&mut self, text: &Text, end: usize) -> Text {
        let start = self.start.take().unwrap_or(end);
        self.got = false;
        text.slice(start..end).reworded(std::mem::take(&mut self.word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_document::Span;

    fn words(line: &str) -> Option<Vec<String>> {
        let text = Text::written(line.to_owned(), Span::new(0, 0, line.len() as u32), line);
        split(&text).map(|words| words.iter().map(|word| word.as_str().to_owned()).collect())
    }

    #[test]
    fn quotes_and_escapes_go() {
        assert_eq!(words(r#"a "b c" 'd e'f g\ h """#), Some(vec!["a".into(), "b c".into(), "d ef".into(), "g h".into(), String::new()]));
    }

    #[test]
    fn an_operator_ends_the_command() {
        assert_eq!(words("a b && c"), Some(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn an_open_quote_is_refused() {
        assert_eq!(words("a 'b"), None);
        assert_eq!(words("echo (x)"), None);
    }
}
