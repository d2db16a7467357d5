//! Files of variables, as compose-go reads `.env`, `env_file` and `label_file`.

use crate::template::{self, Lookup, Variable, Variables};
use crate::text::Text;
use plimsoll_document::Span;
use plimsoll_formats::Budget;
use std::rc::Rc;

/// A line that cannot be read; what stands before it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) at: Span,
    pub(crate) cause: String,
}

/// Reads a file into `out`; a name that is set already is set again. Values may use the variables of `outer`, then those of `out`.
pub(crate) fn parse(text: &str, source: u32, outer: &dyn Lookup, out: &mut Variables) -> Result<(), Broken> {
    let mut parser = Parser { text, source, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    while parser.skip_to_statement() {
        parser.statement(outer, out)?;
    }
    Ok(())
}

/// Reads a file of `format: raw`: `KEY=VALUE` lines, values as they stand.
pub(crate) fn parse_raw(text: &str, source: u32, out: &mut Variables) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        if content.trim_start().starts_with('#') {
            continue;
        }
        let Some((key, value)) = content.split_once('=') else { continue };
        let span = |from: usize, to: usize| Span::new(source, (start + from) as u32, (start + to) as u32);
        let variable = Variable { value: Ok(value.to_owned()), key: span(0, key.len()), at: span(key.len() + 1, content.len()) };
        out.set(key.trim().to_owned(), variable);
    }
}

struct Parser<'t> {
    text: &'t str,
    source: u32,
    at: usize,
}

/// Variables of the file itself count only where the project's have none.
struct Both<'v> {
    outer: &'v dyn Lookup,
    own: &'v Variables,
}

impl Lookup for Both<'_> {
    fn find(&self, name: &str) -> Result<Option<&Variable>, Rc<str>> {
        match self.outer.find(name) {
            Ok(None) => Ok(self.own.get(name)),
            found => found,
        }
    }

    fn budget(&self) -> &Budget {
        self.outer.budget()
    }
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.source, from as u32, to as u32)
    }

    fn skip_to_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if trimmed.is_empty() {
                return false;
            }
            if !trimmed.starts_with('#') {
                return true;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn statement(&mut self, outer: &dyn Lookup, out: &mut Variables) -> Result<(), Broken> {
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(char::is_whitespace)
        {
            let skipped = rest.len() - rest.trim_start_matches(space).len();
            self.at += "export".len() + skipped;
        }
        let start = self.at;
        let mut separator = None;
        for (at, c) in self.rest().char_indices() {
            match c {
                '=' | ':' | '\n' => {
                    separator = Some((at, c));
                    break;
                }
                '_' | '.' | '-' | '[' | ']' => {}
                c if space(c) || c.is_alphabetic() || c.is_numeric() => {}
                c => return Err(self.broken(start + at, format!("unexpected character {c:?} in a variable name"))),
            }
        }
        let Some((length, separator)) = separator else {
            // A name at the very end of the file, without a line break: compose-go drops it.
            self.at = self.text.len();
            return Ok(());
        };
        let key = self.text[start..start + length].trim_end().to_owned();
        let key_span = self.span(start, start + key.len());
        if key.contains(' ') {
            return Err(self.broken(start, "a key cannot contain a space".to_owned()));
        }
        self.at = start + length + 1;
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(space).len();
        if separator == '\n' {
            // Only named: the value comes from where Compose runs.
            let value = match outer.find(&key) {
                Ok(Some(variable)) => variable.value.clone(),
                Ok(None) => Err(format!("variable {key} has no value in this project").into()),
                Err(cause) => Err(cause),
            };
            out.set(key, Variable { value, key: key_span, at: key_span });
            return Ok(());
        }
        let (value, at) = self.value(outer, out)?;
        out.set(key, Variable { value, key: key_span, at });
        Ok(())
    }

    fn value(&mut self, outer: &dyn Lookup, out: &Variables) -> Result<(Result<String, Rc<str>>, Span), Broken> {
        let start = self.at;
        let rest = self.rest();
        let Some(quote) = rest.bytes().next().filter(|byte| matches!(byte, b'"' | b'\'')) else {
            let line = rest.split('\n').next().unwrap_or_default();
            self.at += (line.len() + 1).min(rest.len());
            let value = line.split(" #").next().unwrap_or_default().trim_end();
            let at = self.span(start, start + value.len());
            let value = self.expand(&Text::written(value.to_owned(), at, self.text), outer, out, start)?;
            return Ok((value, at));
        };
        let mut chars = vec![];
        let mut escape = false;
        for (at, byte) in rest.bytes().enumerate().skip(1) {
            if byte != quote {
                if !escape && byte == b'\\' {
                    escape = true;
                    continue;
                }
                if std::mem::take(&mut escape) {
                    chars.push(b'\\');
                }
                chars.push(byte);
                continue;
            }
            if std::mem::take(&mut escape) {
                chars.push(byte);
                continue;
            }
            let end = start + at + 1;
            let span = self.span(start, end);
            let text = String::from_utf8_lossy(&chars).into_owned();
            self.at = end;
            if quote == b'\'' {
                return Ok((Ok(text), span));
            }
            let value = self.expand(&Text::implied(escapes(&text), span), outer, out, start)?;
            return Ok((value, span));
        }
        Err(self.broken(start, "a quoted value is not closed".to_owned()))
    }

    fn expand(&self, text: &Text, outer: &dyn Lookup, out: &Variables, start: usize) -> Result<Result<String, Rc<str>>, Broken> {
        match template::interpolate(text, &Both { outer, own: out }) {
            Ok(text) => Ok(text.cause().map_or_else(|| Ok(text.as_str().to_owned()), |cause| Err(Rc::clone(cause)))),
            Err(invalid) => Err(self.broken(start, invalid.cause.to_owned())),
        }
    }

    fn broken(&self, at: usize, cause: String) -> Broken {
        Broken { at: self.span(at, at), cause }
    }
}

/// Spaces that do not end a line.
const fn space(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The escapes of a double-quoted value; others stay as written.
fn escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.peek().copied() {
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('v') => out.push('\u{b}'),
            Some('"') => out.push('"'),
            Some('\\') => out.push('\\'),
            Some('$') => out.push_str("$$"),
            Some('0') => {
                let digits: String = chars.clone().skip(1).take(3).take_while(char::is_ascii_digit).collect();
                let octal = digits.len() == 3 && digits.bytes().all(|byte| byte < b'8');
                let value =
                    if octal { u32::from_str_radix(&digits, 8).ok().filter(|value| *value < 256).and_then(char::from_u32) } else { None };
                if let Some(value) = value {
                    out.push(value);
                } else {
                    out.push_str("\\0");
                    out.push_str(&digits);
                }
                for _ in 0..digits.len() {
                    chars.next();
                }
            }
            _ => {
                out.push('\\');
                continue;
            }
        }
        chars.next();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<String>)> {
        let mut out = Variables::default();
        let _ = parse(text, 0, &Variables::default(), &mut out);
        out.sorted().into_iter().map(|(name, variable)| (name.clone(), variable.value.clone().ok())).collect()
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect()
    }

    #[test]
    fn quotes_comments_and_escapes() {
        let text = "# c\nA=1 # one\nexport B=\"x\\ty $A\"\nC='$A'\n\nD: d#d\nE=\n";
        assert_eq!(read(text), pairs(&[("A", "1"), ("B", "x\ty 1"), ("C", "$A"), ("D", "d#d"), ("E", "")]));
    }

    #[test]
    fn a_value_may_span_lines_in_quotes() {
        assert_eq!(read("A=\"x\ny\"\nB=2\n"), pairs(&[("A", "x\ny"), ("B", "2")]));
    }

    #[test]
    fn a_variable_from_outside_is_unknown() {
        assert_eq!(read("A=$HOME/x\nB\n"), [("A".to_owned(), None), ("B".to_owned(), None)]);
    }

    #[test]
    fn what_stands_before_a_broken_line_counts() {
        assert_eq!(read("A=1\nB!=2\nC=3\n"), pairs(&[("A", "1")]));
    }
}
