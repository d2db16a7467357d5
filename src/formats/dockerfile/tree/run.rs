//! A program gone through command by command: options and variables in force, words expanded.

use super::script::Shell;
use crate::heredoc::Marker;
use crate::reader::Body;
use crate::shell::{self, Program, wrapped};
use crate::text::Text;
use crate::variable::{Provenance, Scope, State, Value as Variable, Variables};
use plimsoll_document::{Flags, Span};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// An expanded word and where it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Word<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) unknown: Option<String>,
    pub(super) flags: Flags,
    pub(super) whole: Option<Provenance>,
    pub(super) site: Span,
    /// Its number among the words as written.
    pub(super) raw: Option<usize>,
}

impl Word<'_> {
    pub(super) fn known(&self) -> Option<&str> {
        self.unknown.is_none().then_some(&*self.text)
    }
}

/// A command, expanded.
#[derive(Debug, Default)]
pub(super) struct Simple<'t> {
    pub(super) words: Vec<Word<'t>>,
    /// How many of the words are wrappers.
    pub(super) skip: usize,
    /// Whether it cannot be told which word is the command.
    pub(super) unsure: bool,
    pub(super) open: bool,
    pub(super) assignments: Vec<(Cow<'t, str>, Word<'t>)>,
    pub(super) redirects: Vec<(&'t str, Span, Word<'t>)>,
}

/// Where a command stands among the others.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, written as such")]
pub(super) struct Place {
    pub(super) operator: &'static str,
    pub(super) depth: u32,
    pub(super) piped: bool,
    pub(super) condition: bool,
    pub(super) background: bool,
    pub(super) errexit: bool,
    pub(super) pipefail: bool,
}

/// A program as it is gone through: options and variables in force.
pub(super) struct Run<'p> {
    pub(super) program: &'p Program,
    pub(super) text: &'p Text<'p>,
    pub(super) scope: &'p Scope,
    pub(super) operator: &'static str,
    pub(super) depth: u32,
    /// Per subshell: errexit and pipefail.
    pub(super) states: Vec<Option<(bool, bool)>>,
    /// What the program set for sure; with the list outside of which it is not sure.
    pub(super) locals: HashMap<String, (State, Option<u32>)>,
    /// Names that it may set at other times.
    pub(super) unsure: HashSet<String>,
    /// A sourced file or eval may have set anything.
    pub(super) anything: bool,
    /// Heredocs of the instruction, whose bodies are no part of the text.
    pub(super) heredocs: &'p [(Marker<'static>, Body)],
}

/// The variables that one list of a program sees.
struct Seen<'r, 'p> {
    run: &'r Run<'p>,
    list: u32,
}

impl Variables for Seen<'_, '_> {
    fn get(&self, name: &str) -> Variable<'_> {
        if self.run.anything || self.run.unsure.contains(name) {
            return Variable::Unknown(format!("the program may set {name}"));
        }
        match self.run.locals.get(name) {
            Some((_, Some(list))) if *list != self.list => Variable::Unknown(format!("the program may set {name}")),
            Some((State::Set(text, provenance), _)) => self.run.scope.put_in(text, provenance),
            Some((State::Unknown(cause), _)) => Variable::Unknown(cause.to_string()),
            Some((State::NoDefault, _)) | None => self.run.scope.get(name),
        }
    }

    fn afford(&self, bytes: usize) -> bool {
        self.run.scope.afford(bytes)
    }
}

/// Commands whose arguments name variables that they set in ways not followed here.
const SETTERS: [&str; 6] = ["read", "unset", "getopts", "mapfile", "readarray", "let"];
/// Commands whose arguments are assignments.
const DECLARERS: [&str; 5] = ["export", "declare", "local", "readonly", "typeset"];

impl<'p> Run<'p> {
    pub(super) fn new(
        program: &'p Program,
        text: &'p Text<'p>,
        scope: &'p Scope,
        shell: Shell,
        operator: &'static str,
        depth: u32,
    ) -> Self {
        let mut states = vec![None; program.shells.len()];
        states[0] = Some((shell.errexit, shell.pipefail));
        let mut run = Self {
            program,
            text,
            scope,
            operator,
            depth,
            states,
            locals: HashMap::new(),
            unsure: HashSet::new(),
            anything: false,
            heredocs: &[],
        };
        run.unsure.extend(program.loop_names.iter().map(|name| name.of(text.as_str()).to_owned()));
        for command in &program.commands {
            run.look_ahead(command);
        }
        run
    }

    fn raw(&self, at: u32) -> &'p str {
        self.program.words[at as usize].of(self.text.as_str())
    }

    /// Whether a command runs for sure, in the program's own shell.
    fn sure(command: &shell::Command) -> bool {
        command.depth == 0 && command.shell == 0 && !command.piped && !command.background && !matches!(command.operator, "||" | "|" | "|&")
    }

    /// Notes the names that a command sets without being sure to run.
    fn look_ahead(&mut self, command: &shell::Command) {
        let name = if command.words.0 < command.words.1 { self.raw(command.words.0) } else { "" };
        let sets = SETTERS.contains(&name);
        if Self::sure(command) && !sets {
            return;
        }
        let bare = name.is_empty();
        for at in command.assignments.0..if bare { command.assignments.1 } else { command.assignments.0 } {
            self.unsure.extend(named(self.raw(at)).map(|(name, _)| name.to_owned()));
        }
        if sets || DECLARERS.contains(&name) {
            for at in command.words.0 + 1..command.words.1 {
                let word = self.raw(at);
                self.unsure.insert(named(word).map_or(word, |(name, _)| name).to_owned());
            }
        }
    }

    pub(super) fn state(&mut self, shell: u32) -> (bool, bool) {
        let mut at = shell;
        while self.states[at as usize].is_none() && at != 0 {
            at = self.program.shells[at as usize];
        }
        let state = self.states[at as usize].unwrap_or_default();
        self.states[shell as usize] = Some(state);
        state
    }

    /// Expands a command.
    pub(super) fn simple(&self, index: usize) -> Simple<'p> {
        let command = &self.program.commands[index];
        let seen = Seen { run: self, list: command.list };
        let mut simple = Simple::default();
        for (number, at) in (command.words.0..command.words.1).enumerate() {
            let cut = self.program.words[at as usize];
            let expanded = shell::fields(cut.of(self.text.as_str()), &seen, true);
            simple.open |= expanded.open;
            let site = self.text.span(cut);
            simple.words.extend(expanded.fields.into_iter().map(|field| word(field, site, Some(number))));
        }
        for at in command.assignments.0..command.assignments.1 {
            let cut = self.program.words[at as usize];
            let raw = cut.of(self.text.as_str());
            let Some((name, value)) = named(raw) else { continue };
            let site = self.text.span(cut);
            simple.assignments.push((Cow::Borrowed(name), Self::assigned(raw, value, site, &seen)));
        }
        for redirect in &self.program.redirects[command.redirects.0 as usize..command.redirects.1 as usize] {
            let site = self.text.span(redirect.target);
            let target = shell::fields(redirect.target.of(self.text.as_str()), &seen, false);
            let target = target.fields.into_iter().next().map_or_else(Word::default, |field| word(field, site, None));
            simple.redirects.push((redirect.operator.of(self.text.as_str()), self.text.span(redirect.operator), target));
        }
        let known: Vec<Option<&str>> = simple.words.iter().map(Word::known).collect();
        match wrapped(&known) {
            Some(skip) => simple.skip = skip,
            None => simple.unsure = true,
        }
        simple
    }

    /// The value of an assignment.
    fn assigned(raw: &'p str, value: &'p str, site: Span, seen: &Seen<'_, '_>) -> Word<'p> {
        let unknown = |cause: &str| Word { unknown: Some(cause.to_owned()), site, ..Word::default() };
        if raw[..raw.len() - value.len()].ends_with("+=") {
            return unknown("it is added to what was there before");
        }
        if value.starts_with('(') {
            return unknown("an array");
        }
        if value.is_empty() {
            return Word { site, ..Word::default() };
        }
        let expanded = shell::fields(value, seen, false);
        expanded.fields.into_iter().next().map_or_else(|| Word { site, ..Word::default() }, |field| word(field, site, None))
    }

    /// What a command leaves behind for those after it.
    pub(super) fn after(&mut self, index: usize, simple: &Simple<'p>) {
        let command = &self.program.commands[index];
        let name = simple.words.get(simple.skip).and_then(Word::known).unwrap_or_default().to_owned();
        match name.as_str() {
            "set" => self.set(command.shell, simple),
            "." | "source" | "eval" => self.anything = true,
            _ => {}
        }
        if !Self::sure(command) {
            return;
        }
        let within = (!command.leads).then_some(command.list);
        if simple.words.is_empty() {
            for (name, value) in &simple.assignments {
                self.keep(name, value, within);
            }
        } else if DECLARERS.contains(&name.as_str()) {
            for at in command.words.0 + 1..command.words.1 {
                if let Some((name, value)) = named(self.raw(at)) {
                    let value = Self::assigned(self.raw(at), value, Span::default(), &Seen { run: self, list: command.list });
                    self.keep(name, &value, within);
                }
            }
        }
    }

    fn keep(&mut self, name: &str, value: &Word<'_>, within: Option<u32>) {
        let state = match &value.unknown {
            Some(cause) => State::Unknown(cause.as_str().into()),
            // What a program's own text sets is no place that a fix of another word could write to.
            None => State::Set((&*value.text).into(), Provenance { flags: value.flags | Flags::FROM_VARIABLE, ..Provenance::default() }),
        };
        let unsure_before = matches!(self.locals.get(name), Some((_, Some(list))) if Some(*list) != within);
        if unsure_before && within.is_some() {
            self.unsure.insert(name.to_owned());
        }
        self.locals.insert(name.to_owned(), (state, within));
    }

    /// `set -euo pipefail`.
    fn set(&mut self, shell: u32, simple: &Simple<'_>) {
        let before = self.state(shell);
        let mut options = Shell { errexit: before.0, pipefail: before.1, ..Shell::default() };
        let words: Vec<&str> = simple.words.iter().skip(simple.skip + 1).map_while(Word::known).collect();
        let mut at = 0;
        while let Some(word) = words.get(at).filter(|word| word.len() > 1 && word.starts_with(['-', '+']) && **word != "--") {
            options.option(word, words.get(at + 1).copied());
            at += 1 + usize::from(word.ends_with('o'));
        }
        self.states[shell as usize] = Some((options.errexit, options.pipefail));
    }
}

fn word(field: shell::Field<'_>, site: Span, raw: Option<usize>) -> Word<'_> {
    Word { text: field.text, unknown: field.unknown, flags: field.flags, whole: field.whole, site, raw }
}

/// The name and the value of `NAME=value` or `NAME+=value`.
fn named(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let plain = name.split('[').next().unwrap_or(name);
    let good = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    good.then_some((plain, value))
}
