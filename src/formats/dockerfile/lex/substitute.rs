//! `$variables` and `${variables}` with their modifiers.

use super::{HOLE, Lexer, Refused, Sink};
use crate::pattern;
use crate::text::Cut;
use crate::variable::{Provenance, TOO_LARGE, Value};
use plimsoll_document::Flags;

impl Lexer<'_, '_> {
    fn name(&mut self) -> &str {
        let start = self.at;
        match self.peek() {
            Some(c) if c.is_ascii_digit() => {
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => self.at += 1,
            _ => {
                while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || *c == '_') {
                    self.at += c.len_utf8();
                }
            }
        }
        &self.text[start..self.at]
    }

    pub(super) fn dollar(&mut self, out: &mut Sink) -> Result<(), Refused> {
        let start = self.at;
        self.at += 1;
        if self.peek() != Some('{') {
            let name = self.name().to_owned();
            if name.is_empty() {
                out.written('$', start);
                return Ok(());
            }
            self.plain(&name, start, out);
            return Ok(());
        }
        self.at += 1;
        match self.peek() {
            None => return Err(missing_brace()),
            Some('{' | '}' | ':') => return Err(Refused("syntax error: bad substitution".to_owned())),
            Some(_) => {}
        }
        let name = self.name().to_owned();
        match self.next() {
            Some('}') => {
                self.plain(&name, start, out);
                Ok(())
            }
            Some(':') => {
                let operator = self.next();
                self.modified(&name, start, operator, true, out)
            }
            operator @ Some('+' | '-' | '?' | '#' | '%') => self.modified(&name, start, operator, false, out),
            Some('/') => self.replaced(&name, start, out),
            other => Err(unsupported(other, false)),
        }
    }

    /// `$name` and `${name}`.
    fn plain(&mut self, name: &str, start: usize, out: &mut Sink) {
        let from = Cut::new(start, self.at);
        match self.variables.get(name) {
            Value::Set(text, provenance) => out.variable(&text, from, provenance),
            Value::Unset if self.options.skip_unset => {
                let raw = &self.text[start..self.at];
                out.variable(raw, from, Provenance::default());
            }
            Value::Unset => out.variable("", from, Provenance::variable()),
            Value::NoDefault(cause) | Value::Unknown(cause) => {
                self.cannot_tell(cause);
                out.variable(HOLE, from, Provenance::variable());
            }
        }
    }

    /// `${name-word}` and its kin.
    fn modified(&mut self, name: &str, start: usize, operator: Option<char>, or_empty: bool, out: &mut Sink) -> Result<(), Refused> {
        let raw = matches!(operator, Some('#' | '%'));
        if or_empty && raw {
            return Err(unsupported(operator, true));
        }
        let unknown_before = self.unknown.take();
        let word_at = self.at;
        let mut word = Sink::default();
        if let Err(refused) = self.until(Some('}'), raw, raw, &mut word, false) {
            return Err(if self.peek().is_none() { missing_brace() } else { refused });
        }
        let unknown_word = core::mem::replace(&mut self.unknown, unknown_before);
        let from = Cut::new(start, self.at);
        let value = self.variables.get(name);
        if self.options.skip_unset && matches!(value, Value::Unset) {
            let colon = if or_empty { ":" } else { "" };
            let kept = format!("${{{name}{colon}{}{}}}", operator.unwrap_or_default(), word.text);
            out.variable(&kept, from, Provenance::default());
            return Ok(());
        }
        let empty = |text: &str| or_empty && text.is_empty();
        // What the word itself decides: its own literal where it is nothing else.
        let of_word = |word: &Sink, flags: Flags| match word.pieces.as_slice() {
            [only] if only.variable.is_none() && only.out.end as usize == word.text.len() => Provenance::written(only.from, flags),
            [only] => only.variable.clone().unwrap_or_default().with(flags),
            [] => Provenance::written(Cut::new(word_at, word_at), flags),
            _ => Provenance { flags: flags | Flags::FROM_VARIABLE, ..Provenance::default() },
        };
        match operator {
            Some('-') => match value {
                Value::Set(text, provenance) if !empty(&text) => out.variable(&text, from, provenance),
                Value::Set(..) | Value::Unset | Value::NoDefault(_) => {
                    if let Some(cause) = unknown_word {
                        self.cannot_tell(cause);
                    }
                    out.variable(&word.text, from, of_word(&word, Flags::FROM_VARIABLE | Flags::DEFAULTED));
                }
                Value::Unknown(cause) => {
                    self.cannot_tell(cause);
                    out.variable(HOLE, from, Provenance::variable());
                }
            },
            Some('+') => match value {
                Value::Set(text, provenance) if !empty(&text) => {
                    if let Some(cause) = unknown_word {
                        self.cannot_tell(cause);
                    }
                    out.variable(&word.text, from, of_word(&word, provenance.flags | Flags::FROM_VARIABLE));
                }
                Value::Set(_, provenance) => out.variable("", from, provenance),
                Value::Unset => out.variable("", from, Provenance::variable()),
                Value::NoDefault(cause) | Value::Unknown(cause) => {
                    self.cannot_tell(cause);
                    out.variable(HOLE, from, Provenance::variable());
                }
            },
            Some('?') => match value {
                Value::Set(text, provenance) if !empty(&text) => out.variable(&text, from, provenance),
                Value::Set(..) => return Err(Refused(demanded(name, &word.text, "is not allowed to be empty"))),
                Value::Unset => return Err(Refused(demanded(name, &word.text, "is not allowed to be unset"))),
                Value::NoDefault(cause) | Value::Unknown(cause) => {
                    self.cannot_tell(cause);
                    out.variable(HOLE, from, Provenance::variable());
                }
            },
            Some(side @ ('#' | '%')) => {
                if let Some(cause) = unknown_word {
                    self.cannot_tell(cause);
                }
                let (greedy, glob) = match word.text.strip_prefix(side) {
                    Some(rest) => (true, rest),
                    None => (false, word.text.as_str()),
                };
                let glob = pattern::compile(glob).map_err(Refused)?;
                self.computed(value, from, out, |text| {
                    if side == '#' { pattern::trim_start(&glob, text, greedy) } else { pattern::trim_end(&glob, text, greedy) }
                });
            }
            other => return Err(unsupported(other, or_empty)),
        }
        Ok(())
    }

    /// `${name/pattern/text}` and `${name//pattern/text}`.
    fn replaced(&mut self, name: &str, start: usize, out: &mut Sink) -> Result<(), Refused> {
        let all = self.peek() == Some('/');
        if all {
            self.at += 1;
        }
        let mut glob = Sink::default();
        if let Err(refused) = self.until(Some('/'), true, true, &mut glob, false) {
            return Err(if self.peek().is_none() { Refused("syntax error: missing '/' in ${}".to_owned()) } else { refused });
        }
        let mut replacement = Sink::default();
        if let Err(refused) = self.until(Some('}'), true, false, &mut replacement, false) {
            return Err(if self.peek().is_none() { missing_brace() } else { refused });
        }
        let from = Cut::new(start, self.at);
        let value = self.variables.get(name);
        if self.options.skip_unset && matches!(value, Value::Unset) {
            let kept = format!("${{{name}/{}/{}}}", glob.text, replacement.text);
            out.variable(&kept, from, Provenance::default());
            return Ok(());
        }
        let glob = pattern::compile(&glob.text).map_err(Refused)?;
        self.computed(value, from, out, |text| pattern::replace(&glob, text, &replacement.text, all));
        Ok(())
    }

    /// A value made from a variable's by `change`, which gives `None` where the result cannot be told.
    fn computed(&mut self, value: Value<'_>, from: Cut, out: &mut Sink, change: impl FnOnce(&str) -> Option<String>) {
        let (text, flags) = match value {
            Value::Set(text, provenance) => (text.into_owned(), provenance.flags),
            Value::Unset => (String::new(), Flags::NONE),
            Value::NoDefault(cause) | Value::Unknown(cause) => {
                self.cannot_tell(cause);
                out.variable(HOLE, from, Provenance::variable());
                return;
            }
        };
        let changed = match change(&text) {
            Some(changed) if self.variables.afford(changed.len()) => changed,
            changed => {
                let cause = if changed.is_some() { TOO_LARGE } else { "the substitution cannot be worked out here" };
                self.cannot_tell(cause.to_owned());
                HOLE.to_owned()
            }
        };
        out.variable(&changed, from, Provenance { flags: flags | Flags::FROM_VARIABLE, ..Provenance::default() });
    }
}

fn missing_brace() -> Refused {
    Refused("syntax error: missing '}'".to_owned())
}

fn unsupported(operator: Option<char>, colon: bool) -> Refused {
    let colon = if colon { ":" } else { "" };
    Refused(format!("unsupported modifier ({colon}{}) in substitution", operator.map_or(String::new(), String::from)))
}

fn demanded(name: &str, word: &str, otherwise: &str) -> String {
    format!("{name}: {}", if word.is_empty() { otherwise } else { word })
}
