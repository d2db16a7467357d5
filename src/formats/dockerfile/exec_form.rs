//! The exec form: a JSON array of strings, with the place of each element.

use crate::text::Cut;

/// Arrays and objects beyond this depth are taken for no JSON, as in Go.
const MAX_DEPTH: usize = 10_000;

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// With its quotes.
    pub(crate) at: Cut,
    pub(crate) value: String,
    /// Every `(offset in value, offset in the text)` at which the two stop running in step; the first is the start.
    pub(crate) steps: Vec<(u32, u32)>,
}

/// What a text that may be an exec form is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A JSON array of strings.
    Exec(Vec<Element>),
    /// No JSON array: shell form, or a list of words.
    Other,
    /// A JSON array with an element that is no string, which is refused.
    NotStrings(Cut),
}

/// Reads `cut` of `text`.
pub(crate) fn read(text: &str, cut: Cut) -> Form {
    let slice = cut.of(text);
    let trimmed = slice.trim_start();
    if !trimmed.starts_with('[') {
        return Form::Other;
    }
    let mut json = Json { bytes: text.as_bytes(), text, at: cut.end as usize - trimmed.len(), end: cut.end as usize };
    json.array().unwrap_or(Form::Other)
}

struct Json<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    end: usize,
}

impl Json<'_> {
    fn peek(&self) -> Option<u8> {
        (self.at < self.end).then(|| self.bytes[self.at])
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The outermost array. `None` if the text is no JSON.
    fn array(&mut self) -> Option<Form> {
        self.eat(b'[')?;
        let mut elements = vec![];
        let mut wrong = None;
        self.blanks();
        if self.eat(b']').is_none() {
            loop {
                self.blanks();
                let start = self.at;
                if self.peek()? == b'"' {
                    elements.push(self.string()?);
                } else {
                    self.value()?;
                    wrong.get_or_insert(Cut::new(start, self.at));
                }
                self.blanks();
                if self.eat(b',').is_none() {
                    self.eat(b']')?;
                    break;
                }
            }
        }
        self.blanks();
        if self.at < self.end {
            return None;
        }
        Some(wrong.map_or(Form::Exec(elements), Form::NotStrings))
    }

    fn string(&mut self) -> Option<Element> {
        let start = self.at;
        self.eat(b'"')?;
        let mut value = String::new();
        let mut steps = vec![(0, self.at as u32)];
        loop {
            let run = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            value.push_str(&self.text[run..self.at]);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    let escape = self.peek()?;
                    self.at += 1;
                    value.push(match escape {
                        b'"' | b'\\' | b'/' => escape as char,
                        b'b' => '\x08',
                        b'f' => '\x0c',
                        b'n' => '\n',
                        b'r' => '\r',
                        b't' => '\t',
                        b'u' => self.unicode()?,
                        _ => return None,
                    });
                    steps.push((value.len() as u32, self.at as u32));
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(Element { at: Cut::new(start, self.at), value, steps })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|_| self.at + 4 <= self.end)?;
        let value = digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + (*digit as char).to_digit(16)?))?;
        self.at += 4;
        Some(value)
    }

    /// After `\u`. A lone surrogate is a replacement character, as in Go.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if (0xd800..0xdc00).contains(&first) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            self.at = before;
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        let _ = self.eat(b'-');
        let digits = |json: &mut Self| {
            let start = json.at;
            while json.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                json.at += 1;
            }
            (json.at > start).then_some(())
        };
        if self.eat(b'0').is_none() {
            digits(self)?;
        }
        if self.eat(b'.').is_some() {
            digits(self)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            digits(self)?;
        }
        // What no float holds is an error of decoding in Go, so the text counts as no array.
        self.text[start..self.at].parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| ())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text[self.at..self.end].starts_with(word).then(|| self.at += word.len())
    }

    /// Any value, passed over without recursion.
    fn value(&mut self) -> Option<()> {
        let mut open: Vec<u8> = vec![];
        loop {
            self.blanks();
            match self.peek()? {
                b'{' => {
                    self.at += 1;
                    open.push(b'}');
                    self.blanks();
                    if self.eat(b'}').is_none() {
                        self.key()?;
                        continue;
                    }
                    open.pop();
                }
                b'[' => {
                    self.at += 1;
                    open.push(b']');
                    self.blanks();
                    if self.eat(b']').is_none() {
                        if open.len() > MAX_DEPTH {
                            return None;
                        }
                        continue;
                    }
                    open.pop();
                }
                b'"' => drop(self.string()?),
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            // A value has ended: close what ends with it, or go on to the next.
            loop {
                let Some(close) = open.last().copied() else { return Some(()) };
                self.blanks();
                if self.eat(b',').is_some() {
                    if close == b'}' {
                        self.key()?;
                    }
                    break;
                }
                self.eat(close)?;
                open.pop();
            }
        }
    }

    fn key(&mut self) -> Option<()> {
        self.blanks();
        self.string()?;
        self.blanks();
        self.eat(b':')
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn form(text: &str) -> Form {
        read(text, Cut::new(0, text.len()))
    }

    #[test]
    fn elements_know_their_place() {
        let text = r#"  [ "a", "b\tc\u00e9" ]"#;
        let Form::Exec(elements) = form(text) else { unreachable!() };
        assert_eq!(
            elements.iter().map(|e| (e.at.of(text), e.value.as_str())).collect::<Vec<_>>(),
            [(r#""a""#, "a"), (r#""b\tc\u00e9""#, "b\tcé")]
        );
    }

    #[test]
    fn what_is_no_json_is_shell_form() {
        for text in
            [r#"["a", b]"#, r#"["a",]"#, r#"["a"] x"#, r#"["\x"]"#, "['a']", "[", "[ -f x ] && y", r#"["a" "b"]"#, "[01]", "[1e999]"]
        {
            assert_eq!(form(text), Form::Other, "{text}");
        }
    }

    #[test]
    fn json_of_anything_but_strings_is_refused() {
        for text in [r#"["a", 1]"#, "[null]", r#"[{"a": [1, {"b": "c"}]}, "x"]"#, "[[]]", "[-0.5e3]"] {
            assert!(matches!(form(text), Form::NotStrings(_)), "{text}");
        }
        assert_eq!(form("[]"), Form::Exec(vec![]));
    }

    #[test]
    fn deep_nesting_ends() {
        assert_eq!(form(&"[".repeat(100_000)), Form::Other);
        assert_eq!(form(&format!("[{}", r#"{"a":"#.repeat(100_000))), Form::Other);
    }
}
