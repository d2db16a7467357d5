//! Words as BuildKit's shell lexer sees them: quotes, escapes and `$variables` with their modifiers.
//!
//! Not a shell: it splits and expands the arguments of instructions other than RUN, and finds heredoc markers in a line.

use crate::pattern;
use crate::text::Cut;
use crate::variable::{Provenance, Value, Variables};
use plimsoll_document::Flags;

/// `${a:-${b:-…` beyond this is refused instead of recursing further.
const MAX_DEPTH: u32 = 100;

/// Stands in a result for what cannot be told.
pub(crate) const HOLE: &str = "\u{fffc}";

/// How to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) escape: char,
    pub(crate) raw_quotes: bool,
    pub(crate) raw_escapes: bool,
    /// Leaves `$name` of an unset variable as it is.
    pub(crate) skip_unset: bool,
}

impl Options {
    /// How an instruction's argument is expanded.
    pub(crate) const fn expand(escape: u8) -> Self {
        Self { escape: escape as char, raw_quotes: false, raw_escapes: false, skip_unset: false }
    }
}

/// A run of the result and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Its place in the result.
    pub(crate) out: Cut,
    /// Its place in the text that was read.
    pub(crate) from: Cut,
    /// The variable's part in it; `None` for what is written here.
    pub(crate) variable: Option<Provenance>,
}

/// What a text expands to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expanded {
    pub(crate) text: String,
    pub(crate) pieces: Vec<Piece>,
    /// The words of the result, where splitting was asked for.
    pub(crate) words: Vec<String>,
    /// Why the result cannot be told; its unknown parts are then [`HOLE`]s.
    pub(crate) unknown: Option<String>,
}

/// Why a text has no expansion, as a lowercase fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) String);

/// Expands one argument.
pub(crate) fn expand(text: &str, options: Options, variables: &dyn Variables) -> Result<Expanded, Refused> {
    run(text, options, variables, false)
}

/// Expands and splits into words, as BuildKit does for EXPOSE and to find heredocs.
pub(crate) fn split(text: &str, options: Options, variables: &dyn Variables) -> Result<Expanded, Refused> {
    run(text, options, variables, true)
}

fn run(text: &str, options: Options, variables: &dyn Variables, split: bool) -> Result<Expanded, Refused> {
    let mut lexer = Lexer {
        text,
        at: 0,
        options,
        raw_escapes: options.raw_escapes,
        variables,
        unknown: None,
        words: split.then(Words::default),
        depth: 0,
    };
    let mut out = Sink { text: String::with_capacity(text.len()), pieces: vec![] };
    lexer.until(None, options.raw_escapes, false, &mut out, true)?;
    let words = lexer.words.map(Words::finish).unwrap_or_default();
    Ok(Expanded { text: out.text, pieces: out.pieces, words, unknown: lexer.unknown })
}

#[derive(Default)]
struct Words {
    done: Vec<String>,
    buffer: String,
    inside: bool,
}

impl Words {
    fn split(&mut self, c: char) {
        if !c.is_whitespace() {
            self.raw(c);
        } else if self.inside && !self.buffer.is_empty() {
            self.done.push(core::mem::take(&mut self.buffer));
            self.inside = false;
        }
    }

    fn raw(&mut self, c: char) {
        self.buffer.push(c);
        self.inside = true;
    }

    fn finish(mut self) -> Vec<String> {
        if !self.buffer.is_empty() {
            self.done.push(self.buffer);
        }
        self.done
    }
}

#[derive(Default)]
struct Sink {
    text: String,
    pieces: Vec<Piece>,
}

impl Sink {
    /// Adds what is written at `from`.
    fn written(&mut self, c: char, from: usize) {
        let out = self.text.len();
        self.text.push(c);
        let len = c.len_utf8();
        if let Some(last) = self.pieces.last_mut()
            && last.variable.is_none()
            && last.from.end as usize == from
            && last.out.end as usize == out
        {
            last.from.end += len as u32;
            last.out.end += len as u32;
            return;
        }
        self.pieces.push(Piece { out: Cut::new(out, out + len), from: Cut::new(from, from + len), variable: None });
    }

    fn variable(&mut self, text: &str, from: Cut, variable: Provenance) {
        let out = self.text.len();
        self.text.push_str(text);
        self.pieces.push(Piece { out: Cut::new(out, self.text.len()), from, variable: Some(variable) });
    }
}

struct Lexer<'t, 'v> {
    text: &'t str,
    at: usize,
    options: Options,
    raw_escapes: bool,
    variables: &'v dyn Variables,
    unknown: Option<String>,
    words: Option<Words>,
    depth: u32,
}

impl Lexer<'_, '_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn cannot_tell(&mut self, cause: String) {
        self.unknown.get_or_insert(cause);
    }

    /// Reads up to `stop` (or the end). `doubled` keeps literal escapes of quoted text doubled, for patterns. Only the outermost call
    /// (`top`) feeds the words.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool, doubled: bool, out: &mut Sink, top: bool) -> Result<(), Refused> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refused("substitutions are nested too deep".to_owned()));
        }
        let before = core::mem::replace(&mut self.raw_escapes, raw_escapes);
        let result = self.until_inner(stop, doubled, out, top);
        self.raw_escapes = before;
        self.depth -= 1;
        result
    }

    fn until_inner(&mut self, stop: Option<char>, doubled: bool, out: &mut Sink, top: bool) -> Result<(), Refused> {
        if let Some(words) = &mut self.words {
            // BuildKit's nested calls share one buffer, so that a word begun before `${x:-…}` loses its beginning. Kept, since it decides
            // which lines have heredocs.
            words.buffer.clear();
        }
        while let Some(c) = self.peek() {
            if Some(c) == stop {
                self.at += c.len_utf8();
                return Ok(());
            }
            let special = matches!(c, '$' | '<' | '\'' | '"');
            if special {
                let start = out.text.len();
                match c {
                    '$' => self.dollar(out)?,
                    '<' => self.less(out),
                    '\'' => self.single_quote(doubled, out)?,
                    _ => self.double_quote(doubled, out)?,
                }
                if top && let Some(words) = &mut self.words {
                    for added in out.text[start..].chars() {
                        if c == '$' { words.split(added) } else { words.raw(added) }
                    }
                    words.inside |= c != '$';
                }
                continue;
            }
            let from = self.at;
            self.at += c.len_utf8();
            if c == self.options.escape {
                if self.raw_escapes {
                    out.written(c, from);
                    self.word(top, |words| words.raw(c));
                }
                let from = self.at;
                let Some(escaped) = self.next() else { break };
                self.word(top, |words| words.raw(escaped));
                out.written(escaped, from);
            } else {
                self.word(top, |words| words.split(c));
                out.written(c, from);
            }
        }
        match stop {
            Some(stop) => Err(Refused(format!("unexpected end of statement while looking for matching {stop}"))),
            None => Ok(()),
        }
    }

    fn word(&mut self, top: bool, add: impl FnOnce(&mut Words)) {
        if top && let Some(words) = &mut self.words {
            add(words);
        }
    }

    fn single_quote(&mut self, doubled: bool, out: &mut Sink) -> Result<(), Refused> {
        let from = self.at;
        self.at += 1;
        if self.options.raw_quotes {
            out.written('\'', from);
        }
        loop {
            let from = self.at;
            let Some(c) = self.next() else {
                return Err(Refused("unexpected end of statement while looking for matching single-quote".to_owned()));
            };
            if c == '\'' {
                if self.options.raw_quotes {
                    out.written(c, from);
                }
                return Ok(());
            }
            if doubled && c == self.options.escape {
                out.written(c, from);
            }
            out.written(c, from);
        }
    }

    fn double_quote(&mut self, doubled: bool, out: &mut Sink) -> Result<(), Refused> {
        let from = self.at;
        self.at += 1;
        if self.options.raw_quotes {
            out.written('"', from);
        }
        loop {
            let from = self.at;
            match self.peek() {
                None => return Err(Refused("unexpected end of statement while looking for matching double-quote".to_owned())),
                Some('"') => {
                    self.at += 1;
                    if self.options.raw_quotes {
                        out.written('"', from);
                    }
                    return Ok(());
                }
                Some('$') => self.dollar(out)?,
                Some(c) if c == self.options.escape => {
                    self.at += c.len_utf8();
                    match self.peek() {
                        None => {}
                        Some(escaped) if matches!(escaped, '"' | '$') || escaped == c => {
                            if self.raw_escapes {
                                out.written(c, from);
                            }
                            let from = self.at;
                            self.at += escaped.len_utf8();
                            out.written(escaped, from);
                        }
                        Some(_) => {
                            if self.raw_escapes && (!self.options.raw_quotes || doubled) {
                                out.written(c, from);
                            }
                            out.written(c, from);
                        }
                    }
                }
                Some(c) => {
                    self.at += c.len_utf8();
                    out.written(c, from);
                }
            }
        }
    }

    /// `<<` with the blanks behind it belongs to one word.
    fn less(&mut self, out: &mut Sink) {
        let from = self.at;
        self.at += 1;
        out.written('<', from);
        if self.peek() != Some('<') {
            return;
        }
        let from = self.at;
        self.at += 1;
        out.written('<', from);
        while let Some(c @ ('\t' | '\r' | ' ')) = self.peek() {
            let from = self.at;
            self.at += 1;
            out.written(c, from);
        }
    }

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

    fn dollar(&mut self, out: &mut Sink) -> Result<(), Refused> {
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
        let changed = change(&text).unwrap_or_else(|| {
            self.cannot_tell("the substitution cannot be worked out here".to_owned());
            HOLE.to_owned()
        });
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
