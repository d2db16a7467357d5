//! Lists, pipelines and what a command begins with.

use super::{Fault, Program};
use crate::text::Cut;
use plimsoll_formats::MAX_DEPTH;

pub(super) type Outcome<T> = Result<T, Fault>;

/// A heredoc whose body begins behind the next line end.
pub(super) struct Pending {
    pub(super) delimiter: String,
    pub(super) strip: bool,
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) program: Program,
    nesting: u32,
    pub(super) depth: u32,
    pub(super) shell: u32,
    lists: u32,
    pub(super) list: u32,
    pub(super) leads: bool,
    pub(super) pending: Vec<Pending>,
}

/// Words that end a list where a command could begin.
const CLOSERS: [&str; 8] = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, cut: Cut) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: cut.start as usize,
            end: cut.end as usize,
            program: Program { shells: vec![0], ..Program::default() },
            nesting: 0,
            depth: 0,
            shell: 0,
            lists: 0,
            list: 0,
            leads: true,
            pending: vec![],
        }
    }

    pub(super) fn program(mut self) -> Outcome<Program> {
        self.list("")?;
        if self.at < self.end {
            return self.fail("a word or bracket that nothing opened");
        }
        Ok(self.program)
    }

    pub(super) fn fail<T>(&self, message: &'static str) -> Outcome<T> {
        Err(Fault { at: self.at as u32, message, too_deep: false })
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<u8> {
        let at = self.at + by;
        (at < self.end).then(|| self.bytes[at])
    }

    pub(super) fn starts(&self, what: &str) -> bool {
        self.bytes[self.at..self.end].starts_with(what.as_bytes())
    }

    pub(super) fn eat(&mut self, what: &str) -> bool {
        let found = self.starts(what);
        if found {
            self.at += what.len();
        }
        found
    }

    /// Runs `inner` one level deeper.
    pub(super) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return Err(Fault { at: self.at as u32, message: "nested too deep", too_deep: true });
        }
        let result = inner(self);
        self.nesting -= 1;
        result
    }

    /// Runs `inner` as the inside of a construct; `subshell` if it has a shell of its own.
    pub(super) fn inside<T>(&mut self, subshell: bool, inner: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let before = (self.shell, self.list, self.leads);
        if subshell {
            self.program.shells.push(self.shell);
            self.shell = self.program.shells.len() as u32 - 1;
        }
        self.depth += 1;
        let result = self.nested(inner);
        self.depth -= 1;
        (self.shell, self.list, self.leads) = before;
        result
    }

    /// Passes blanks, comments and joined lines.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.ahead(1) == Some(b'\n') => self.at += 2,
                Some(b'#') => {
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    /// Passes blanks and line ends, and the heredoc bodies behind these.
    pub(super) fn line_breaks(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.line_end();
        }
    }

    fn line_end(&mut self) {
        self.at += 1;
        for pending in core::mem::take(&mut self.pending) {
            while self.at < self.end {
                let rest = &self.text[self.at..self.end];
                let len = rest.find('\n').unwrap_or(rest.len());
                let line = &rest[..len];
                self.at = (self.at + len + 1).min(self.end);
                let line = if pending.strip { line.trim_start_matches('\t') } else { line };
                if line == pending.delimiter {
                    break;
                }
            }
        }
    }

    /// The word of plain characters that stands here, for reserved words.
    pub(super) fn plain_word(&self) -> &'t str {
        let rest = &self.bytes[self.at..self.end];
        let len = rest
            .iter()
            .take_while(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')'))
            .count();
        self.text.get(self.at..self.at + len).unwrap_or_default()
    }

    fn closes(&self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => self.ahead(1) == Some(b';') || (self.ahead(1) == Some(b'&')),
            Some(b't' | b'e' | b'f' | b'd' | b'}') => CLOSERS.contains(&self.plain_word()),
            _ => false,
        }
    }

    pub(super) fn expect(&mut self, word: &'static str) -> Outcome<()> {
        self.line_breaks();
        let found = if word == ")" { self.starts(word) } else { self.plain_word() == word };
        if !found {
            return self.fail(match word {
                "then" => "an if without then",
                "fi" => "an if without fi",
                "do" => "a loop without do",
                "done" => "a loop without done",
                "esac" => "a case without esac",
                "in" => "a case without in",
                "}" => "a { without }",
                _ => "a ( without )",
            });
        }
        self.at += word.len();
        Ok(())
    }

    /// Commands up to a closer or the end. `operator` is that of the first.
    pub(super) fn list(&mut self, operator: &'static str) -> Outcome<()> {
        let mut operator = operator;
        loop {
            self.line_breaks();
            if self.closes() {
                return Ok(());
            }
            let first = self.program.commands.len();
            self.and_or(operator)?;
            self.blanks();
            match self.peek() {
                Some(b';') if !self.closes() => {
                    self.at += 1;
                    operator = ";";
                }
                Some(b'&') => {
                    self.at += 1;
                    for command in &mut self.program.commands[first..] {
                        command.background = true;
                    }
                    operator = "&";
                    self.blanks();
                    if matches!(self.peek(), Some(b'&' | b'|')) {
                        return self.fail("an operator with nothing before it");
                    }
                }
                Some(b'\n') => operator = ";",
                _ if self.closes() => return Ok(()),
                _ => return self.fail("something behind a command that does not belong there"),
            }
        }
    }

    fn and_or(&mut self, operator: &'static str) -> Outcome<()> {
        self.lists += 1;
        let list = self.lists;
        let before = (self.list, self.leads);
        (self.list, self.leads) = (list, true);
        let mut unmarked = self.program.commands.len();
        self.pipeline(operator)?;
        loop {
            self.blanks();
            let operator = if self.eat("&&") {
                "&&"
            } else if self.eat("||") {
                for command in &mut self.program.commands[unmarked..] {
                    command.condition = true;
                }
                unmarked = self.program.commands.len();
                // What follows runs only if all before failed: its assignments hold nowhere else.
                self.lists += 1;
                self.list = self.lists;
                "||"
            } else {
                break;
            };
            self.leads = false;
            self.line_breaks();
            self.pipeline(operator)?;
        }
        (self.list, self.leads) = before;
        Ok(())
    }

    fn pipeline(&mut self, operator: &'static str) -> Outcome<()> {
        let mut negated = false;
        self.blanks();
        while self.plain_word() == "!" {
            self.at += 1;
            negated = true;
            self.blanks();
        }
        let first = self.program.commands.len();
        let mut operator = operator;
        loop {
            let begin = self.program.commands.len();
            self.command(operator)?;
            self.blanks();
            if self.peek() != Some(b'|') || self.ahead(1) == Some(b'|') {
                break;
            }
            operator = if self.eat("|&") { "|&" } else { "|" };
            if operator == "|" {
                self.at += 1;
            }
            for command in self.program.commands[begin..].iter_mut().filter(|command| !command.captured) {
                command.piped = true;
            }
            self.line_breaks();
        }
        if negated {
            for command in &mut self.program.commands[first..] {
                command.condition = true;
            }
        }
        Ok(())
    }

    pub(super) fn command(&mut self, operator: &'static str) -> Outcome<()> {
        self.blanks();
        if self.peek() == Some(b'(') {
            if self.ahead(1) == Some(b'(')
                && let Some(end) = self.arithmetic_end(self.at + 2)
            {
                self.at = end;
                return self.trailing_redirects();
            }
            self.at += 1;
            self.inside(true, |parser| {
                parser.list("(")?;
                parser.expect(")")
            })?;
            return self.trailing_redirects();
        }
        let word = match self.peek() {
            Some(b'{' | b'i' | b'w' | b'u' | b'f' | b's' | b'c' | b't' | b'[') => self.plain_word(),
            _ => "",
        };
        match word {
            "{" => {
                self.at += 1;
                self.inside(false, |parser| {
                    parser.list("{")?;
                    parser.expect("}")
                })?;
            }
            "if" => self.inside(false, Self::if_construct)?,
            "while" | "until" => {
                let operator = if word == "while" { "while" } else { "until" };
                self.at += word.len();
                self.inside(false, |parser| {
                    parser.condition(operator)?;
                    parser.loop_body()
                })?;
            }
            "for" | "select" => {
                self.at += word.len();
                self.inside(false, Self::for_construct)?;
            }
            "case" => self.inside(false, Self::case_construct)?,
            "function" => {
                self.at += word.len();
                self.blanks();
                self.word()?;
                self.blanks();
                if self.peek() == Some(b'(') {
                    self.at += 1;
                    self.blanks();
                    if !self.eat(")") {
                        return self.fail("a ( without )");
                    }
                }
                return self.function_body();
            }
            "[[" => return self.test_construct(operator),
            "time" if self.times_construct() => {
                self.at += word.len();
                return self.nested(|parser| parser.command(operator));
            }
            _ => return self.simple(operator),
        }
        self.trailing_redirects()
    }
}
