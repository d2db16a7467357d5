//! Words as BuildKit's shell lexer sees them: quotes, escapes and `$variables` with their modifiers.
//!
//! Not a shell: it splits and expands the arguments of instructions other than RUN, and finds heredoc markers in a line.

mod substitute;

use crate::text::Cut;
use crate::variable::{Provenance, Variables};

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
}
