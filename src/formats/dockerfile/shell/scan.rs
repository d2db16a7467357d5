//! Words: where they end, and the commands inside them.

use super::parser::{Outcome, Parser};
use crate::text::Cut;

impl Parser<'_> {
    /// One word, quotes and substitutions included.
    pub(super) fn word(&mut self) -> Outcome<Cut> {
        self.word_until(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')'))
    }

    /// The regular expression behind `=~`, in which brackets and bars are plain.
    pub(super) fn pattern(&mut self) -> Outcome<Cut> {
        self.word_until(|byte| matches!(byte, b' ' | b'\t' | b'\n'))
    }

    fn word_until(&mut self, ends: impl Fn(u8) -> bool) -> Outcome<Cut> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.escaped(),
                b'\'' => self.single_quoted()?,
                b'"' => self.double_quoted()?,
                b'`' => self.backticks()?,
                b'$' => self.dollar(false)?,
                b'<' | b'>' if self.ahead(1) == Some(b'(') && self.at == start => {
                    self.at += 2;
                    self.substitution(if byte == b'<' { "<(" } else { ">(" })?;
                }
                byte if ends(byte) => break,
                _ => self.at += 1,
            }
        }
        if self.at == start {
            return self.fail("a word is missing");
        }
        Ok(Cut::new(start, self.at))
    }

    /// A backslash with the character behind it.
    fn escaped(&mut self) {
        self.at += 1;
        let len = self.text[self.at..self.end].chars().next().map_or(0, char::len_utf8);
        self.at += len;
    }

    fn single_quoted(&mut self) -> Outcome<()> {
        match self.bytes[self.at + 1..self.end].iter().position(|byte| *byte == b'\'') {
            Some(len) => {
                self.at += len + 2;
                Ok(())
            }
            None => self.fail("a ' that is not closed"),
        }
    }

    fn double_quoted(&mut self) -> Outcome<()> {
        self.at += 1;
        loop {
            match self.peek() {
                None => return self.fail("a \" that is not closed"),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escaped(),
                Some(b'`') => self.backticks()?,
                Some(b'$') => self.dollar(true)?,
                Some(_) => self.at += 1,
            }
        }
    }

    /// `` `…` ``. The text between is a program of its own, unless escapes in it change what it says.
    fn backticks(&mut self) -> Outcome<()> {
        let start = self.at + 1;
        let mut close = start;
        let mut escapes = false;
        loop {
            match self.bytes[close..self.end].first() {
                None => return self.fail("a ` that is not closed"),
                Some(b'`') => break,
                Some(b'\\') => {
                    escapes = true;
                    close += 2;
                    if close > self.end {
                        return self.fail("a ` that is not closed");
                    }
                }
                Some(_) => close += 1,
            }
        }
        if !escapes {
            let end = core::mem::replace(&mut self.end, close);
            let begin = self.program.commands.len();
            self.at = start;
            let result = self.inside(true, |parser| {
                parser.list("`")?;
                if parser.at < parser.end { parser.fail("a word or bracket that nothing opened") } else { Ok(()) }
            });
            self.end = end;
            self.captured(begin);
            result?;
        }
        self.at = close + 1;
        Ok(())
    }

    fn substitution(&mut self, operator: &'static str) -> Outcome<()> {
        let begin = self.program.commands.len();
        self.inside(true, |parser| {
            parser.list(operator)?;
            if parser.peek() != Some(b')') {
                return parser.fail("a ( without )");
            }
            parser.at += 1;
            Ok(())
        })?;
        self.captured(begin);
        Ok(())
    }

    fn captured(&mut self, begin: usize) {
        for command in &mut self.program.commands[begin..] {
            command.captured = true;
        }
    }

    fn dollar(&mut self, quoted: bool) -> Outcome<()> {
        self.at += 1;
        match self.peek() {
            Some(b'(') => {
                if self.ahead(1) == Some(b'(')
                    && let Some(end) = self.arithmetic_end(self.at + 2)
                {
                    self.at = end;
                    return Ok(());
                }
                self.at += 1;
                self.substitution("$(")
            }
            Some(b'{') => {
                self.at += 1;
                self.nested(Self::braces)
            }
            Some(b'\'') if !quoted => {
                self.at += 1;
                loop {
                    match self.peek() {
                        None => return self.fail("a ' that is not closed"),
                        Some(b'\\') => self.escaped(),
                        Some(b'\'') => {
                            self.at += 1;
                            return Ok(());
                        }
                        Some(_) => self.at += 1,
                    }
                }
            }
            // `$"`, `$name`, `$$` and a lone `$` go on as what they are.
            Some(b'$' | b'#') => {
                self.at += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Behind `${`, up to its `}`.
    fn braces(&mut self) -> Outcome<()> {
        loop {
            match self.peek() {
                None => return self.fail("a ${ without }"),
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escaped(),
                Some(b'\'') => self.single_quoted()?,
                Some(b'"') => self.double_quoted()?,
                Some(b'`') => self.backticks()?,
                Some(b'$') => self.dollar(true)?,
                Some(_) => self.at += 1,
            }
        }
    }

    /// Where `((`'s `))` ends; `from` is behind the opening. `None` if what follows is no arithmetic: the brackets do not close together.
    pub(super) fn arithmetic_end(&self, from: usize) -> Option<usize> {
        let mut open = 0_u32;
        let mut at = from;
        while at < self.end {
            match self.bytes[at] {
                b'(' => open += 1,
                b')' if open > 0 => open -= 1,
                b')' => return (self.bytes.get(at + 1) == Some(&b')') && at + 1 < self.end).then_some(at + 2),
                b'\'' | b'"' | b'`' => {
                    let quote = self.bytes[at];
                    at += 1 + self.bytes[at + 1..self.end].iter().position(|byte| *byte == quote)?;
                }
                b'\\' => at += 1,
                _ => {}
            }
            at += 1;
        }
        None
    }
}
