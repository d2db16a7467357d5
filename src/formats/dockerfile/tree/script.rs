//! Shell programs of instructions.

use super::Tree;
use super::instruction::View;
use super::run::{Place, Run, Simple, Word};
use crate::exec_form::Element;
use crate::heredoc::{self, Marker};
use crate::keyword::Keyword;
use crate::reader::Body;
use crate::shell::{self, wrapped};
use crate::text::{Cut, Text};
use crate::unit::Unit;
use crate::variable::Scope;
use plimsoll_document::schema::key;
use plimsoll_document::{Flags, Key, NodeId, OriginEntry, Role, Span, Value};
use plimsoll_formats::{Problem, ProblemKind};
use std::borrow::Cow;

/// What runs the shell form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Dialect {
    #[default]
    Sh,
    Bash,
    Powershell,
    Cmd,
    Other,
    /// A broken SHELL.
    Unknown,
}

/// A shell and the options it is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Shell {
    pub(super) dialect: Dialect,
    pub(super) errexit: bool,
    pub(super) pipefail: bool,
}

impl Dialect {
    /// The dialect of a program by its file name.
    fn of(program: &str) -> Self {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
        let name = name.strip_suffix(".exe").unwrap_or(name);
        match name.to_ascii_lowercase().as_str() {
            "sh" | "ash" | "dash" | "ksh" | "mksh" | "zsh" => Self::Sh,
            "bash" => Self::Bash,
            "powershell" | "pwsh" => Self::Powershell,
            "cmd" => Self::Cmd,
            _ => Self::Other,
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Sh => Some("sh"),
            Self::Bash => Some("bash"),
            Self::Powershell => Some("powershell"),
            Self::Cmd => Some("cmd"),
            Self::Other => Some("other"),
            Self::Unknown => None,
        }
    }

    const fn is_posix(self) -> bool {
        matches!(self, Self::Sh | Self::Bash)
    }
}

impl Shell {
    /// The shell that `SHELL [words]` makes of what follows it.
    pub(super) fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let words: Vec<&str> = words.collect();
        match Self::called(&words) {
            Some((shell, at)) if at == words.len() || !shell.dialect.is_posix() => shell,
            _ => Self { dialect: Dialect::Other, ..Self::default() },
        }
    }

    /// The shell that `words` call with `-c`, and where the program stands. For shells that are not POSIX, the end of the words.
    fn called(words: &[&str]) -> Option<(Self, usize)> {
        let dialect = Dialect::of(words.first()?);
        let mut shell = Self { dialect, ..Self::default() };
        if !dialect.is_posix() {
            return (dialect != Dialect::Other).then_some((shell, words.len()));
        }
        let mut at = 1;
        let mut program = false;
        while let Some(word) = words.get(at).filter(|word| word.len() > 1 && word.starts_with(['-', '+'])) {
            at += 1;
            if word.starts_with("--") {
                continue;
            }
            program |= word.contains('c');
            let options = words.get(at).copied();
            shell.option(word, options);
            at += usize::from(word.ends_with('o') || word.ends_with('O'));
        }
        program.then_some((shell, at))
    }

    /// Takes one word of options, and the name behind an `-o`.
    pub(super) fn option(&mut self, word: &str, name: Option<&str>) {
        let on = word.starts_with('-');
        if word[1..].contains('e') {
            self.errexit = on;
        }
        if word.ends_with('o') {
            match name {
                Some("errexit") => self.errexit = on,
                Some("pipefail") => self.pipefail = on,
                _ => {}
            }
        }
    }

    /// The shell of a script's `#!` line.
    fn of_shebang(line: &str) -> Self {
        let words: Vec<&str> = line.trim_start_matches("#!").split_whitespace().collect();
        let at = usize::from(words.first().is_some_and(|first| first.ends_with("/env"))) + usize::from(words.get(1) == Some(&"-S"));
        let mut shell = Self { dialect: words.get(at).map_or(Dialect::Other, |program| Dialect::of(program)), ..Self::default() };
        for (number, word) in words.iter().enumerate().skip(at + 1).filter(|(_, word)| word.len() > 1 && word.starts_with('-')) {
            shell.option(word, words.get(number + 1).copied());
        }
        shell
    }
}

impl Tree<'_, '_> {
    /// The program of a shell form.
    pub(super) fn shell_script(&mut self, node: NodeId, unit: &Unit<'_>, at: Cut, keyword: Keyword, view: View<'_>) {
        let Some(shell) = view.shell.copied() else { return };
        let alone =
            unit.heredocs.first().filter(|_| keyword == Keyword::Run && matches!(heredoc::marker(at.of(unit.text.as_str())), Ok(Some(_))));
        let Some((marker, body)) = alone else {
            let text = unit.text.part(at);
            return self.script(node, &text, shell, &unit.heredocs, false, view.scope);
        };
        let text = body_text(self.input.text, marker.strip, *body);
        let shebang = text.as_str().starts_with("#!").then(|| Shell::of_shebang(text.as_str().lines().next().unwrap_or_default()));
        self.script(node, &text, shebang.unwrap_or(shell), &[], true, view.scope);
    }

    /// The program of an exec form: that of the shell it calls, or the one command that it is.
    pub(super) fn exec_script(&mut self, node: NodeId, text: &Text<'_>, elements: &[Element], view: View<'_>) {
        if view.shell.is_none() || elements.is_empty() {
            return;
        }
        let words: Vec<&str> = elements.iter().map(|element| element.value.as_str()).collect();
        let known: Vec<Option<&str>> = words.iter().copied().map(Some).collect();
        let skip = wrapped(&known).unwrap_or(0);
        if let Some((shell, at)) = Shell::called(&words[skip..])
            && shell.dialect.is_posix()
            && let Some(element) = elements.get(skip + at)
        {
            return self.script(node, &decoded(element, text), shell, &[], false, view.scope);
        }
        let (Some(first), Some(last)) = (elements.first(), elements.last()) else { return };
        let site = text.span(first.at).to(text.span(last.at));
        let map = self.head(node, "exec", &words.join(" "), site, Shell::default(), false);
        let list = self.builder.entry(map, Key::of(key::COMMANDS), Value::List, site);
        let fields = elements
            .iter()
            .map(|element| Word { text: Cow::Borrowed(&*element.value), site: text.span(element.at), ..Word::default() })
            .collect();
        let place = Place::default();
        self.command(list, site, &place, &Simple { words: fields, skip, ..Simple::default() });
    }

    fn head(&mut self, node: NodeId, dialect: &str, text: &str, site: Span, shell: Shell, heredoc: bool) -> NodeId {
        let map = self.builder.entry(node, Key::of(key::SCRIPT), Value::Map, site);
        let dialect = if dialect.is_empty() { Value::Unknown("a broken SHELL") } else { Value::String(dialect) };
        self.builder.entry(map, Key::of(key::DIALECT), dialect, site);
        self.builder.entry(map, Key::of(key::TEXT), Value::String(text), site);
        self.builder.entry(map, Key::of(key::HEREDOC), Value::Bool(heredoc), site);
        self.builder.entry(map, Key::of(key::ERREXIT), Value::Bool(shell.errexit), site);
        self.builder.entry(map, Key::of(key::PIPEFAIL), Value::Bool(shell.pipefail), site);
        map
    }

    fn script(&mut self, node: NodeId, text: &Text<'_>, shell: Shell, heredocs: &[(Marker<'static>, Body)], heredoc: bool, scope: &Scope) {
        let whole = Cut::new(0, text.as_str().len());
        let site = text.span(whole);
        let map = self.head(node, shell.dialect.name().unwrap_or_default(), text.as_str(), site, shell, heredoc);
        let unknown = |tree: &mut Self, cause: &str| {
            tree.builder.entry(map, Key::of(key::COMMANDS), Value::Unknown(cause), site);
        };
        if !shell.dialect.is_posix() {
            return unknown(self, "only POSIX shells are read");
        }
        match shell::parse(text.as_str(), whole) {
            Ok(program) => {
                let list = self.builder.entry(map, Key::of(key::COMMANDS), Value::List, site);
                let mut run = Run::new(&program, text, scope, shell, "", 0);
                run.heredocs = heredocs;
                self.commands(list, &mut run);
            }
            Err(fault) => {
                let at = text.span(Cut { start: fault.at, end: fault.at });
                if fault.too_deep {
                    self.problems.push(Problem { kind: ProblemKind::Limit, at, message: "a shell program is nested too deep".to_owned() });
                }
                unknown(self, &format!("the shell program cannot be read: {}", fault.message));
            }
        }
    }

    fn commands(&mut self, list: NodeId, run: &mut Run<'_>) {
        for index in 0..run.program.commands.len() {
            if !self.room() {
                self.builder.flag(list, Flags::OPEN);
                return;
            }
            let simple = run.simple(index);
            let command = &run.program.commands[index];
            let state = run.state(command.shell);
            let place = Place {
                operator: if index == 0 && command.operator.is_empty() { run.operator } else { command.operator },
                depth: run.depth + command.depth,
                piped: command.piped,
                condition: command.condition,
                background: command.background,
                errexit: state.0,
                pipefail: state.1,
            };
            let at = run.text.span(command.at);
            self.command(list, at, &place, &simple);
            self.inner_program(list, run, index, &simple);
            run.after(index, &simple);
        }
    }

    /// `sh -c '…'`: the commands of the program, if it stands there as it will run.
    fn inner_program(&mut self, list: NodeId, run: &Run<'_>, index: usize, simple: &Simple<'_>) {
        let words: Option<Vec<&str>> = simple.words[simple.skip.min(simple.words.len())..].iter().map(Word::known).collect();
        let name = simple.words.get(simple.skip).and_then(Word::known).unwrap_or_default();
        if name == "eval" {
            self.builder.flag(list, Flags::OPEN);
            return;
        }
        if !Dialect::of(name).is_posix() {
            return;
        }
        let raw = run.program.commands[index].words;
        let position = match words.as_deref().and_then(Shell::called) {
            Some((shell, at)) => simple.words.get(simple.skip + at).and_then(|word| word.raw).map(|raw| (shell, raw)),
            None if words.is_some() => return self.fed_program(list, run, index, simple),
            None => None,
        };
        let inner = position.and_then(|(shell, at)| {
            let cut = run.program.words[raw.0 as usize + at];
            let inside = shell::verbatim(cut.of(run.text.as_str()))?;
            let cut = Cut { start: cut.start + inside.start, end: cut.start + inside.end };
            Some((shell, shell::parse(run.text.as_str(), cut).ok()?))
        });
        let Some((shell, program)) = inner.filter(|_| run.depth < 8) else {
            self.builder.flag(list, Flags::OPEN);
            return;
        };
        let depth = run.depth + run.program.commands[index].depth + 1;
        let mut inner = Run::new(&program, run.text, run.scope, shell, "-c", depth);
        // What the outer program sets may be exported.
        inner.unsure.extend(run.locals.keys().cloned());
        inner.unsure.extend(run.unsure.iter().cloned());
        self.commands(list, &mut inner);
    }

    /// `bash <<EOF`: the commands of the heredoc that the shell reads.
    fn fed_program(&mut self, list: NodeId, run: &Run<'_>, index: usize, simple: &Simple<'_>) {
        let options = simple.words[simple.skip + 1..].iter().all(|word| word.known().is_some_and(|word| word.starts_with('-')));
        let fed = simple.redirects.iter().rfind(|(operator, ..)| matches!(*operator, "<<" | "<<-"));
        let Some((.., target)) = fed.filter(|_| options) else { return };
        // The outer shell expands the text first: escapes would mean something else by then.
        let found = run.heredocs.iter().find(|(marker, _)| Some(&*marker.name) == target.known());
        let text = found
            .map(|(marker, body)| (marker, body_text(self.input.text, marker.strip, *body)))
            .filter(|(marker, text)| !marker.expand || !text.as_str().contains('\\'))
            .map(|(_, text)| text);
        let program = text.as_ref().and_then(|text| shell::parse(text.as_str(), Cut::new(0, text.as_str().len())).ok());
        let (Some(text), Some(program)) = (&text, program) else {
            self.builder.flag(list, Flags::OPEN);
            return;
        };
        let mut shell = Shell::default();
        for word in simple.words[simple.skip + 1..].iter().filter_map(Word::known).filter(|word| word.len() > 1) {
            shell.option(word, None);
        }
        let mut inner = Run::new(&program, text, run.scope, shell, "<<", run.depth + run.program.commands[index].depth + 1);
        inner.unsure.extend(run.locals.keys().cloned());
        inner.unsure.extend(run.unsure.iter().cloned());
        self.commands(list, &mut inner);
    }

    fn command(&mut self, list: NodeId, at: Span, place: &Place, simple: &Simple<'_>) {
        let map = self.builder.item(list, Value::Map, at);
        let skip = simple.skip.min(simple.words.len());
        let (wrappers, words) = simple.words.split_at(skip);
        if let Some(first) = words.first() {
            let key = Key::of(key::NAME);
            let node = match (&first.unknown, simple.unsure) {
                (Some(cause), _) => self.builder.entry(map, key, Value::Unknown(cause), first.site),
                (None, true) => self.builder.entry(map, key, Value::Unknown("an option of a wrapper cannot be told"), first.site),
                (None, false) => {
                    let name = first.text.rsplit('/').next().unwrap_or(&first.text);
                    self.builder.entry(map, key, Value::String(name), first.site)
                }
            };
            self.builder.flag(node, first.flags);
        } else if simple.open {
            self.builder.entry(map, Key::of(key::NAME), Value::Unknown("a variable decides whether there is a command"), at);
        }
        let site = words.first().zip(words.last()).map_or(at, |(first, last)| first.site.to(last.site));
        let node = self.builder.entry(map, Key::of(key::WORDS), Value::List, site);
        self.words(node, words);
        if simple.open {
            self.builder.flag(node, Flags::OPEN);
        }
        if let (Some(first), Some(last)) = (wrappers.first(), wrappers.last()) {
            let node = self.builder.entry(map, Key::of(key::WRAPPERS), Value::List, first.site.to(last.site));
            self.words(node, wrappers);
        }
        self.assignments(map, at, simple, wrappers);
        if !simple.redirects.is_empty() {
            let node = self.builder.entry(map, Key::of(key::REDIRECTS), Value::List, at);
            for (operator, operator_at, target) in &simple.redirects {
                let item = self.builder.item(node, Value::Map, operator_at.to(target.site));
                self.builder.entry(item, Key::of(key::OPERATOR), Value::String(operator), *operator_at);
                self.word(item, Some(Key::of(key::TARGET)), target);
            }
        }
        if !place.operator.is_empty() {
            self.builder.entry(map, Key::of(key::OPERATOR), Value::String(place.operator), at);
        }
        self.builder.entry(map, Key::of(key::DEPTH), Value::Number(f64::from(place.depth)), at);
        let marks = [
            ("piped", place.piped),
            ("condition", place.condition),
            ("background", place.background),
            ("errexit", place.errexit),
            ("pipefail", place.pipefail),
        ];
        for (key, on) in marks {
            self.builder.entry(map, Key::fact(key), Value::Bool(on), at);
        }
    }

    fn assignments(&mut self, map: NodeId, at: Span, simple: &Simple<'_>, wrappers: &[Word<'_>]) {
        let of_wrappers: Vec<(Cow<'_, str>, Word<'_>)> = wrappers
            .iter()
            .filter_map(|word| {
                let (name, value) = word.known()?.split_once('=')?;
                let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                named.then(|| (Cow::Borrowed(name), Word { text: Cow::Borrowed(value), raw: None, ..word.clone() }))
            })
            .collect();
        if simple.assignments.is_empty() && of_wrappers.is_empty() {
            return;
        }
        let node = self.builder.entry(map, Key::of(key::ASSIGNMENTS), Value::List, at);
        for (name, value) in simple.assignments.iter().chain(&of_wrappers) {
            let item = self.builder.item(node, Value::Map, value.site);
            self.builder.entry(item, Key::of(key::KEY), Value::String(name), value.site);
            self.word(item, Some(Key::of(key::VALUE)), value);
            self.builder.entry(item, Key::of(key::LITERAL), Value::Bool(value.flags == Flags::NONE && value.unknown.is_none()), value.site);
        }
    }

    fn words(&mut self, list: NodeId, words: &[Word<'_>]) {
        for word in words {
            self.word(list, None, word);
        }
    }

    fn word(&mut self, parent: NodeId, key: Option<Key<'_>>, word: &Word<'_>) {
        let value = word.unknown.as_deref().map_or(Value::String(&word.text), Value::Unknown);
        let node = self.put(parent, key, value, word.site);
        self.builder.flag(node, word.flags);
        let Some(whole) = &word.whole else { return };
        let decided = whole.decided.map(|at| OriginEntry { role: Role::Decided, at });
        let entries: Vec<_> = decided.into_iter().chain(whole.via.iter().map(|at| OriginEntry { role: Role::Via, at: *at })).collect();
        let origin = self.builder.origin(&entries);
        self.builder.set_origin(node, origin);
    }
}

/// The text of a heredoc as the program that reads it sees it.
fn body_text(source: &str, strip: bool, body: Body) -> Text<'_> {
    let content = &source[body.content.0..body.content.1];
    if !strip {
        return Text::verbatim(content, body.content.0);
    }
    let mut text = Text::verbatim("", body.content.0);
    let mut from = body.content.0;
    for line in content.split_inclusive('\n') {
        let kept = line.trim_start_matches('\t');
        text.push(kept, from + line.len() - kept.len());
        from += line.len();
    }
    text
}

/// A JSON string's text, each run with its place.
fn decoded(element: &Element, text: &Text<'_>) -> Text<'static> {
    let mut out = Text::verbatim("", text.at(element.steps.first().map_or(0, |step| step.1)) as usize);
    for (number, (start, from)) in element.steps.iter().enumerate() {
        let next = element.steps.get(number + 1).map_or(element.value.len(), |step| step.0 as usize);
        let run = &element.value[*start as usize..next];
        // All but the last run end with a character that an escape stands for.
        let escaped = if number + 1 < element.steps.len() { run.chars().next_back().map_or(0, char::len_utf8) } else { 0 };
        let (plain, escape) = run.split_at(run.len() - escaped);
        push_mapped(&mut out, plain, text, *from);
        push_mapped(&mut out, escape, text, from + plain.len() as u32);
    }
    out
}

/// Adds a run of logical text, which may itself be joined from several lines.
fn push_mapped(out: &mut Text<'static>, run: &str, text: &Text<'_>, from: u32) {
    let mut start = 0;
    for (at, _) in run.char_indices().skip(1) {
        if text.at(from + at as u32) != text.at(from + start as u32) + (at - start) as u32 {
            out.push(&run[start..at], text.at(from + start as u32) as usize);
            start = at;
        }
    }
    out.push(&run[start..], text.at(from + start as u32) as usize);
}
