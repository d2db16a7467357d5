//! Constructs: if, loops, case, functions, `[[ … ]]`.

use super::parser::{Outcome, Parser};
use crate::text::Cut;

impl Parser<'_> {
    /// Whether `time` stands before a construct rather than a simple command.
    pub(super) fn times_construct(&self) -> bool {
        let rest = self.text[self.at + 4..self.end].trim_start_matches([' ', '\t']);
        let word = rest.split([' ', '\t', '\n', ';']).next().unwrap_or_default();
        rest.starts_with('(') || matches!(word, "{" | "if" | "while" | "until" | "for" | "case" | "[[" | "!")
    }

    pub(super) fn condition(&mut self, operator: &'static str) -> Outcome<()> {
        let first = self.program.commands.len();
        self.list(operator)?;
        for command in &mut self.program.commands[first..] {
            command.condition = true;
        }
        Ok(())
    }

    pub(super) fn if_construct(&mut self) -> Outcome<()> {
        self.at += 2;
        self.condition("if")?;
        loop {
            self.expect("then")?;
            self.list("then")?;
            match self.plain_word() {
                "elif" => {
                    self.at += 4;
                    self.condition("elif")?;
                }
                "else" => {
                    self.at += 4;
                    self.list("else")?;
                    return self.expect("fi");
                }
                _ => return self.expect("fi"),
            }
        }
    }

    pub(super) fn loop_body(&mut self) -> Outcome<()> {
        self.expect("do")?;
        self.list("do")?;
        self.expect("done")
    }

    pub(super) fn for_construct(&mut self) -> Outcome<()> {
        self.blanks();
        if self.starts("((") {
            let Some(end) = self.arithmetic_end(self.at + 2) else { return self.fail("a (( without ))") };
            self.at = end;
        } else {
            let name = self.word()?;
            self.program.loop_names.push(name);
            self.line_breaks();
            if self.plain_word() == "in" {
                self.at += 2;
                loop {
                    self.blanks();
                    if matches!(self.peek(), None | Some(b';' | b'\n' | b'&' | b'|' | b')')) {
                        break;
                    }
                    self.word()?;
                }
            }
        }
        self.blanks();
        if self.peek() == Some(b';') {
            self.at += 1;
        }
        self.line_breaks();
        if self.plain_word() == "{" {
            self.at += 1;
            self.list("{")?;
            return self.expect("}");
        }
        self.loop_body()
    }

    pub(super) fn case_construct(&mut self) -> Outcome<()> {
        self.at += 4;
        self.blanks();
        self.word()?;
        self.expect("in")?;
        loop {
            self.line_breaks();
            if self.plain_word() == "esac" {
                self.at += 4;
                return Ok(());
            }
            if self.peek() == Some(b'(') {
                self.at += 1;
            }
            loop {
                self.blanks();
                self.word()?;
                self.blanks();
                match self.peek() {
                    Some(b'|') => self.at += 1,
                    Some(b')') => break,
                    _ => return self.fail("a case pattern without )"),
                }
            }
            self.at += 1;
            self.list("case")?;
            if !(self.eat(";;&") || self.eat(";;") || self.eat(";&")) {
                return self.expect("esac");
            }
        }
    }

    /// `[[ … ]]`: one command, its operators words.
    pub(super) fn test_construct(&mut self, operator: &'static str) -> Outcome<()> {
        let start = self.at;
        let index = self.open(operator);
        let mut words = vec![Cut::new(start, start + 2)];
        self.at += 2;
        loop {
            self.line_breaks();
            let begin = self.at;
            match self.peek() {
                None => return self.fail("a [[ without ]]"),
                Some(b'(' | b')' | b'<' | b'>' | b'&' | b'|' | b';') => {
                    let same = self.ahead(1) == self.peek() && matches!(self.peek(), Some(b'&' | b'|'));
                    self.at += 1 + usize::from(same);
                    words.push(Cut::new(begin, self.at));
                }
                Some(_) => {
                    let word = if words.last().is_some_and(|word| word.of(self.text) == "=~") { self.pattern()? } else { self.word()? };
                    words.push(word);
                    if word.of(self.text) == "]]" {
                        break;
                    }
                }
            }
        }
        let end = self.at;
        self.close(index, start, end, &[], &words, &[]);
        self.trailing_redirects()
    }

    pub(super) fn function_body(&mut self) -> Outcome<()> {
        self.line_breaks();
        let compound =
            self.peek() == Some(b'(') || matches!(self.plain_word(), "{" | "if" | "while" | "until" | "for" | "case" | "[[" | "select");
        if !compound {
            return self.fail("a function without a body");
        }
        self.inside(true, |parser| parser.command("{"))
    }
}
