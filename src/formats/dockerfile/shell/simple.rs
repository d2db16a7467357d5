//! Simple commands: assignments, words, redirections.

use super::parser::{Outcome, Parser, Pending};
use super::{Command, Redirect};
use crate::text::Cut;

/// Longer ones first.
const OPERATORS: [&str; 12] = ["<<<", "<<-", "&>>", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "<", ">"];

impl Parser<'_> {
    pub(super) fn trailing_redirects(&mut self) -> Outcome<()> {
        loop {
            self.blanks();
            if self.redirect()?.is_none() {
                return Ok(());
            }
        }
    }

    /// A redirection, if one stands here.
    fn redirect(&mut self) -> Outcome<Option<Redirect>> {
        let start = self.at;
        let digits = self.bytes[start..self.end].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let rest = &self.bytes[start + digits..self.end];
        let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(operator.as_bytes())) else { return Ok(None) };
        if operator.starts_with('&') && digits > 0 || (operator.len() == 1 && rest.get(1) == Some(&b'(')) {
            return Ok(None);
        }
        let operator_at = Cut::new(start, start + digits + operator.len());
        self.at = operator_at.end as usize;
        self.blanks();
        let target = self.word()?;
        if matches!(*operator, "<<" | "<<-") {
            let raw = target.of(self.text);
            let delimiter = raw.chars().filter(|c| !matches!(c, '\'' | '"' | '\\')).collect();
            self.pending.push(Pending { delimiter, strip: *operator == "<<-" });
        }
        Ok(Some(Redirect { operator: operator_at, target }))
    }

    /// Takes a command's place in the order.
    pub(super) fn open(&mut self, operator: &'static str) -> usize {
        self.program.commands.push(Command {
            operator,
            depth: self.depth,
            shell: self.shell,
            list: self.list,
            leads: self.leads,
            ..Command::default()
        });
        self.program.commands.len() - 1
    }

    pub(super) fn close(&mut self, index: usize, start: usize, end: usize, assignments: &[Cut], words: &[Cut], redirects: &[Redirect]) {
        let program = &mut self.program;
        let base = program.words.len() as u32;
        program.words.extend_from_slice(assignments);
        program.words.extend_from_slice(words);
        let first = program.redirects.len() as u32;
        program.redirects.extend_from_slice(redirects);
        let command = &mut program.commands[index];
        command.at = Cut::new(start, end);
        command.assignments = (base, base + assignments.len() as u32);
        command.words = (command.assignments.1, command.assignments.1 + words.len() as u32);
        command.redirects = (first, first + redirects.len() as u32);
    }

    pub(super) fn simple(&mut self, operator: &'static str) -> Outcome<()> {
        let start = self.at;
        let index = self.open(operator);
        let mut end = start;
        let mut assignments = vec![];
        let mut words: Vec<Cut> = vec![];
        let mut redirects = vec![];
        loop {
            self.blanks();
            match self.peek() {
                None | Some(b'\n' | b';' | b'|' | b')') => break,
                Some(b'(') => {
                    // `name()` defines a function.
                    let defines = words.len() == 1 && assignments.is_empty() && redirects.is_empty();
                    if !defines {
                        return self.fail("a ( where none can be");
                    }
                    self.at += 1;
                    self.blanks();
                    if !self.eat(")") {
                        return self.fail("a ( where none can be");
                    }
                    self.program.commands.truncate(index);
                    return self.function_body();
                }
                _ => {}
            }
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
            } else if self.peek() == Some(b'&') {
                break;
            } else {
                let word = if words.is_empty() && self.assigns() { self.assignment()? } else { Err(self.word()?) };
                match word {
                    Ok(assignment) => assignments.push(assignment),
                    Err(word) => words.push(word),
                }
            }
            end = self.at;
        }
        if assignments.is_empty() && words.is_empty() && redirects.is_empty() {
            return self.fail("a command is missing");
        }
        self.close(index, start, end, &assignments, &words, &redirects);
        Ok(())
    }

    /// Whether `NAME=`, `NAME+=` or `NAME[` stands here.
    fn assigns(&self) -> bool {
        let rest = &self.bytes[self.at..self.end];
        let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if len == 0 || rest[0].is_ascii_digit() {
            return false;
        }
        match rest.get(len) {
            Some(b'=') => true,
            Some(b'+') => rest.get(len + 1) == Some(&b'='),
            // A subscript of ordinary length: the search must not run to the end of the text for every word.
            Some(b'[') => {
                let close = rest[len..].iter().take(256).position(|byte| *byte == b']');
                close.is_some_and(|close| rest[len + close..].starts_with(b"]="))
            }
            _ => false,
        }
    }

    /// An assignment; `A=(…)` is one with its list. The error is a word that is none after all.
    fn assignment(&mut self) -> Outcome<Result<Cut, Cut>> {
        let start = self.at;
        let word = self.word()?;
        let text = word.of(self.text);
        // The subscript that was looked for may end outside of the word, behind a bracket or an operator.
        if text.find(['=', '[']).is_none_or(|at| text[at..].starts_with('[') && !text.contains("]=")) {
            return Ok(Err(word));
        }
        if self.peek() == Some(b'(') && text.ends_with('=') {
            self.at += 1;
            self.nested(|parser| {
                loop {
                    parser.line_breaks();
                    match parser.peek() {
                        None => return parser.fail("a ( without )"),
                        Some(b')') => break,
                        Some(_) => drop(parser.word()?),
                    }
                }
                parser.at += 1;
                Ok(())
            })?;
        }
        Ok(Ok(Cut::new(start, self.at)))
    }
}
