//! What a word is once the shell has expanded it: quotes removed, variables put in, split at the blanks of unquoted values.

use crate::lex::{self, Options};
use crate::text::Cut;
use crate::variable::{Provenance, Value, Variables};
use plimsoll_document::Flags;
use std::borrow::Cow;

/// One word of the result.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field<'t> {
    pub(crate) text: Cow<'t, str>,
    /// Why it cannot be told.
    pub(crate) unknown: Option<String>,
    pub(crate) flags: Flags,
    /// The variable that it is nothing else than.
    pub(crate) whole: Option<Provenance>,
}

/// The words of the result.
#[derive(Debug, Default)]
pub(crate) struct Fields<'t> {
    pub(crate) fields: Vec<Field<'t>>,
    /// An unquoted value that cannot be told may add words or take one away.
    pub(crate) open: bool,
}

/// Expands a raw word. `split` is whether unquoted values are split: not in assignments.
pub(crate) fn fields<'t>(raw: &'t str, variables: &dyn Variables, split: bool) -> Fields<'t> {
    if !raw.bytes().any(|byte| matches!(byte, b'\\' | b'\'' | b'"' | b'$' | b'`')) {
        let special = matches!(raw.as_bytes(), [b'<' | b'>', b'(', ..]);
        let unknown = special.then(|| "a process substitution".to_owned());
        return Fields { fields: vec![Field { text: Cow::Borrowed(raw), unknown, ..Field::default() }], open: false };
    }
    if let Some(inner) = verbatim(raw) {
        return Fields {
            fields: vec![Field { text: Cow::Borrowed(&raw[inner.start as usize..inner.end as usize]), ..Field::default() }],
            open: false,
        };
    }
    let mut reader = Reader { raw, at: 0, variables, split, out: Fields::default(), field: Field::default(), started: false, pieces: 0 };
    reader.run();
    reader.out
}

/// The inside of a word that is one quoted text in which nothing is special.
pub(crate) fn verbatim(raw: &str) -> Option<Cut> {
    let inner = raw.get(1..raw.len().checked_sub(1)?)?;
    let plain = match raw.as_bytes() {
        [b'\'', .., b'\''] => !inner.contains('\''),
        [b'"', .., b'"'] => !inner.contains(['"', '\\', '$', '`']),
        _ => false,
    };
    plain.then(|| Cut::new(1, raw.len() - 1))
}

struct Reader<'t, 'v> {
    raw: &'t str,
    at: usize,
    variables: &'v dyn Variables,
    split: bool,
    out: Fields<'t>,
    field: Field<'t>,
    /// Whether the field exists though nothing is in it (quotes).
    started: bool,
    pieces: u32,
}

impl Reader<'_, '_> {
    fn peek(&self) -> Option<char> {
        self.raw[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn push(&mut self, c: char) {
        self.started = true;
        self.pieces = 2;
        self.field.text.to_mut().push(c);
    }

    fn finish(&mut self) {
        if !self.started {
            return;
        }
        self.started = false;
        let mut field = core::mem::take(&mut self.field);
        if core::mem::take(&mut self.pieces) != 1 {
            field.whole = None;
        }
        self.out.fields.push(field);
    }

    fn unknown(&mut self, cause: String, quoted: bool) {
        self.started = true;
        self.pieces = 2;
        self.field.flags |= Flags::FROM_VARIABLE;
        self.field.unknown.get_or_insert(cause);
        if !quoted && self.split {
            self.out.open = true;
        }
    }

    fn run(&mut self) {
        while let Some(c) = self.next() {
            match c {
                '\\' => match self.next() {
                    Some('\n') => {}
                    Some(escaped) => self.push(escaped),
                    None => self.push('\\'),
                },
                '\'' => {
                    self.started = true;
                    while let Some(c) = self.next().filter(|c| *c != '\'') {
                        self.push(c);
                    }
                }
                '"' => self.double_quoted(),
                '`' => self.backticks(false),
                '$' => self.dollar(false),
                '<' | '>' if self.at == 1 && self.peek() == Some('(') => {
                    self.at = self.raw.len();
                    self.unknown("a process substitution".to_owned(), true);
                }
                c => self.push(c),
            }
        }
        self.finish();
    }

    fn double_quoted(&mut self) {
        self.started = true;
        while let Some(c) = self.next() {
            match c {
                '"' => return,
                '\\' => match self.peek() {
                    Some('\n') => self.at += 1,
                    Some(escaped @ ('$' | '`' | '"' | '\\')) => {
                        self.at += 1;
                        self.push(escaped);
                    }
                    _ => self.push('\\'),
                },
                '`' => self.backticks(true),
                '$' => self.dollar(true),
                c => self.push(c),
            }
        }
    }

    fn backticks(&mut self, quoted: bool) {
        while let Some(c) = self.next().filter(|c| *c != '`') {
            if c == '\\' {
                self.next();
            }
        }
        self.unknown("a command's output".to_owned(), quoted);
    }

    fn dollar(&mut self, quoted: bool) {
        let start = self.at - 1;
        match self.peek() {
            Some('(') => {
                self.at = closing(self.raw, start + 1, b'(', b')');
                self.unknown("a command's output".to_owned(), quoted);
            }
            Some('{') => {
                self.at = closing(self.raw, start + 1, b'{', b'}');
                self.braces(start, quoted);
            }
            Some('\'') if !quoted => {
                self.at += 1;
                self.started = true;
                while let Some(c) = self.next().filter(|c| *c != '\'') {
                    if c == '\\' {
                        let escaped = self.next().unwrap_or('\\');
                        let plain = match escaped {
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            '\\' | '\'' | '"' => escaped,
                            _ => {
                                self.unknown("an escape that is not worked out".to_owned(), true);
                                continue;
                            }
                        };
                        self.push(plain);
                    } else {
                        self.push(c);
                    }
                }
            }
            Some('"') if !quoted => {}
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let len = self.raw[self.at..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
                let name = &self.raw[self.at..self.at + len];
                self.at += len;
                let value = self.variables.get(name);
                self.value(value, quoted);
            }
            Some(c @ ('@' | '*' | '#' | '?' | '-' | '$' | '!' | '0'..='9')) => {
                self.at += c.len_utf8();
                self.unknown("a parameter of the shell".to_owned(), quoted);
            }
            _ => self.push('$'),
        }
    }

    fn value(&mut self, value: Value<'_>, quoted: bool) {
        match value {
            Value::Set(text, provenance) => {
                let text = text.into_owned();
                self.add(&text, &provenance, quoted);
            }
            Value::Unset => self.add("", &Provenance::variable(), quoted),
            Value::NoDefault(cause) | Value::Unknown(cause) => self.unknown(cause, quoted),
        }
    }

    /// `${…}`: what BuildKit's modifiers and a shell's agree on.
    fn braces(&mut self, start: usize, quoted: bool) {
        let raw = &self.raw[start..self.at];
        let name_len = raw[2..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let plain = raw.len() > 3 && raw.as_bytes().get(2 + name_len) == Some(&b'}') && !raw.as_bytes()[2].is_ascii_digit();
        if plain {
            let value = self.variables.get(&raw[2..2 + name_len]);
            return self.value(value, quoted);
        }
        let agreed = name_len > 0 && !raw.contains(['[', '`', '(', '\\']) && !raw.as_bytes()[2].is_ascii_digit();
        match lex::expand(raw, Options::expand(b'\\'), self.variables) {
            Ok(expanded) if agreed && expanded.unknown.is_none() => {
                let flags = expanded
                    .pieces
                    .iter()
                    .filter_map(|piece| piece.variable.as_ref())
                    .fold(Flags::FROM_VARIABLE, |flags, piece| flags | piece.flags);
                self.add(&expanded.text, &Provenance { flags, ..Provenance::default() }, quoted);
            }
            Ok(expanded) => self.unknown(expanded.unknown.unwrap_or_else(|| "a substitution that is not worked out".to_owned()), quoted),
            Err(_) => self.unknown("a substitution that is not worked out".to_owned(), quoted),
        }
    }

    /// Adds a value, in pieces where it is unquoted and holds blanks.
    fn add(&mut self, text: &str, provenance: &Provenance, quoted: bool) {
        let mark = |field: &mut Field<'_>, pieces: &mut u32| {
            field.flags |= provenance.flags | Flags::FROM_VARIABLE;
            *pieces += 1;
            field.whole = Some(provenance.clone());
        };
        if quoted || !self.split || !text.contains([' ', '\t', '\n']) {
            self.started |= quoted || !self.split || !text.is_empty();
            if self.started {
                mark(&mut self.field, &mut self.pieces);
            }
            self.field.text.to_mut().push_str(text);
            return;
        }
        if text.starts_with([' ', '\t', '\n']) {
            self.finish();
        }
        let mut parts = text.split([' ', '\t', '\n']).filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            self.started = true;
            mark(&mut self.field, &mut self.pieces);
            // A word of several is not the whole value.
            self.pieces += 1;
            self.field.text.to_mut().push_str(part);
            if parts.peek().is_some() || text.ends_with([' ', '\t', '\n']) {
                self.finish();
            }
        }
    }
}

/// Behind the bracket that closes the one at `open`. The word was parsed before, so that it closes; quotes inside are passed.
fn closing(raw: &str, open: usize, left: u8, right: u8) -> usize {
    let bytes = raw.as_bytes();
    let mut depth = 0_u32;
    let mut at = open;
    let mut double = vec![];
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\'' if double.last() != Some(&depth) => match bytes[at + 1..].iter().position(|byte| *byte == b'\'') {
                Some(len) => at += len + 1,
                None => return raw.len(),
            },
            b'"' => {
                if double.last() == Some(&depth) {
                    double.pop();
                } else {
                    double.push(depth);
                }
            }
            byte if byte == left => depth += 1,
            byte if byte == right && double.last() != Some(&depth) => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    raw.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variable::{Scope, State};

    fn show(raw: &str) -> Vec<String> {
        let mut scope = Scope::open();
        for (name, value) in [("V", "1.2"), ("L", "a b"), ("E", "")] {
            scope.set(name, State::Set(value.into(), Provenance::variable()));
        }
        let fields = fields(raw, &scope, true);
        let mut shown: Vec<String> =
            fields.fields.iter().map(|field| if field.unknown.is_some() { "?".to_owned() } else { field.text.to_string() }).collect();
        if fields.open {
            shown.push("…".to_owned());
        }
        shown
    }

    #[test]
    fn quotes_and_escapes_are_removed() {
        assert_eq!(show(r#"a'b c'"d\"e\f"g\ h"#), [r#"ab cd"e\fg h"#]);
        assert_eq!(show("''"), [""]);
        assert_eq!(show(r"$'a\tb'"), ["a\tb"]);
        assert_eq!(show("a$"), ["a$"]);
    }

    #[test]
    fn known_variables_are_put_in_and_split() {
        assert_eq!(show("x=$V"), ["x=1.2"]);
        assert_eq!(show("x-${V}-y"), ["x-1.2-y"]);
        assert_eq!(show("$L"), ["a", "b"]);
        assert_eq!(show("x${L}y"), ["xa", "by"]);
        assert_eq!(show("\"$L\""), ["a b"]);
        assert_eq!(show("$E"), [""; 0]);
        assert_eq!(show("\"$E\""), [""]);
        assert_eq!(show("${V%.*}"), ["1"]);
    }

    #[test]
    fn what_cannot_be_told_is_unknown() {
        assert_eq!(show("$X"), ["?", "…"]);
        assert_eq!(show("\"a$X\""), ["?"]);
        assert_eq!(show("a$(b \")\" c)d"), ["?", "…"]);
        assert_eq!(show("\"`a`\""), ["?"]);
        assert_eq!(show("${V:0:1}"), ["?", "…"]);
        assert_eq!(show("\"$1\""), ["?"]);
        assert_eq!(show("$((1+1))x"), ["?", "…"]);
    }
}
