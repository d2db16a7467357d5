//! Dockerfiles with directives, continuations with comments, heredocs and carriage returns.

use crate::dice::{Dice, choices};
use crate::support::Project;
use crate::tree::{line_ends, sound};
use plimsoll_document::{Document, Node};
use plimsoll_fix::{Op, OpKind, Plan, render};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Writes a file. Every command, variable and comment in it has a name of its own.
struct Writer<'d> {
    dice: &'d mut Dice,
    escape: char,
    names: usize,
}

impl Writer<'_> {
    fn name(&mut self, of: &str) -> String {
        self.names += 1;
        format!("{of}{}", self.names)
    }

    fn file(&mut self) -> String {
        let mut out = String::new();
        if self.dice.maybe() {
            out.push_str("# syntax=docker/dockerfile:1\n");
        }
        if self.escape == '`' {
            out.push_str("# escape=`\n");
        }
        for stage in 0..=self.dice.pick(2) {
            out.push_str(&format!("FROM debian:12 AS stage{stage}\n"));
            for _ in 0..self.dice.pick(6) {
                let instruction = self.instruction();
                out.push_str(&instruction);
                out.push('\n');
            }
        }
        out
    }

    /// A place where a line may go on in the next, with a comment between.
    fn break_line(&mut self) -> String {
        match self.dice.pick(4) {
            0 | 1 => " ".to_owned(),
            2 => format!(" {}\n    ", self.escape),
            _ => {
                let comment = self.name("why");
                format!(" {}\n# {comment}\n    ", self.escape)
            }
        }
    }

    fn command(&mut self) -> String {
        let name = self.name("c");
        let words = self.dice.one(&["", " -y", " 'a b'", " \"x\"", " > /tmp/out", " --flag=1 file"]);
        format!("{name}{words}")
    }

    fn commands(&mut self) -> String {
        let mut out = self.command();
        for _ in 0..self.dice.pick(4) {
            let operator = self.dice.one(&["&&", "&&", ";", "||", "|"]);
            let (before, next) = (self.break_line(), self.command());
            out.push_str(&format!("{before}{operator} {next}"));
        }
        out
    }

    fn instruction(&mut self) -> String {
        match self.dice.pick(13) {
            0..=2 => format!("RUN {}", self.commands()),
            3 => {
                let body: String = (0..=self.dice.pick(3)).map(|_| self.command() + "\n").collect();
                let shell = self.dice.one(&["", "set -e\n"]);
                format!("RUN <<EOF\n{shell}{body}EOF")
            }
            4 => format!("RUN --mount=type=cache,target=/c {}", self.commands()),
            5 => format!("COPY <<EOF /etc/file\nRUN not-a-command\n# {}\nEOF", self.name("text")),
            6 => {
                let [one, other] = [self.name("K"), self.name("K")];
                let separator = self.break_line();
                format!("ENV {one}=a{separator}{other}=\"b c\"")
            }
            7 => format!("LABEL {}='x'", self.name("k")),
            8 => format!("COPY{} a b /dir/", self.dice.one(&["", " --chown=1:1", " --link"])),
            9 => format!("CMD [\"{}\", \"-x\"]", self.name("c")),
            10 => format!("{} {}", self.dice.one(&["USER", "WORKDIR", "EXPOSE"]), self.dice.one(&["1000", "8080"])),
            11 => format!("# {}\nUSER app", self.name("why")),
            _ => "\nSTOPSIGNAL TERM".to_owned(),
        }
    }
}

fn list<'a>(node: Node<'a>, key: &str) -> Vec<Node<'a>> {
    node.get_text(key).known().map(|list| list.children().collect()).unwrap_or_default()
}

fn instructions(document: &Document) -> Vec<Node<'_>> {
    list(document.doc().root(), "stages").into_iter().flat_map(|stage| list(stage, "instructions")).collect()
}

fn commands(instruction: Node<'_>) -> Vec<Node<'_>> {
    instruction.get_text("script").known().map(|script| list(script, "commands")).unwrap_or_default()
}

fn text_of<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get_text(key).known().and_then(Node::as_str).unwrap_or_default()
}

/// The first word of a command.
fn called<'a>(command: Node<'a>) -> String {
    list(command, "words").first().and_then(|word| word.as_str()).unwrap_or_default().to_owned()
}

fn pairs(document: &Document) -> BTreeMap<String, String> {
    let pairs = instructions(document).into_iter().flat_map(|instruction| list(instruction, "pairs"));
    pairs.map(|pair| (text_of(pair, "key").to_owned(), text_of(pair, "value").to_owned())).collect()
}

fn whole(instruction: Node<'_>) -> String {
    format!("{} {}", text_of(instruction, "keyword"), text_of(instruction, "text"))
}

/// Ops that were taken, and what they are to come to.
#[derive(Default)]
struct Asked {
    plan: Plan,
    /// Instructions that something was done to, or inside.
    changed: BTreeSet<u32>,
    /// Instructions that are gone as a whole.
    gone: BTreeSet<u32>,
    removed: BTreeSet<u32>,
    before: BTreeMap<u32, Vec<String>>,
    after: BTreeMap<u32, Vec<String>>,
    values: BTreeMap<String, String>,
    instructions: Vec<String>,
}

impl Asked {
    fn ask(&mut self, document: &Document, dice: &mut Dice, number: usize) {
        let all = instructions(document);
        if all.is_empty() {
            return;
        }
        let instruction = all[dice.pick(all.len())];
        let commands = commands(instruction);
        let command = (!commands.is_empty()).then(|| commands[dice.pick(commands.len())]);
        let pair = list(instruction, "pairs").first().copied();
        let new = format!("new{number}");
        let op = |kind, node: Node<'_>, key: &str, text: &str| Op {
            kind,
            document: 0,
            node: node.index(),
            key: key.to_owned(),
            text: serde_json::Value::from(text).to_string(),
        };
        let label = format!("LABEL {new}=1");
        let (op, at) = match (dice.pick(8), command, pair) {
            (0, ..) => (op(OpKind::InsertAfter, instruction, "", &label), 0),
            (1, ..) => (op(OpKind::InsertBefore, instruction, "", &label), 0),
            (2, ..) => (op(OpKind::Remove, instruction, "", ""), instruction.index()),
            (3, ..) => (op(OpKind::Set, instruction, "", &label), instruction.index()),
            (4, Some(command), _) => (op(OpKind::InsertAfter, command, "", &new), command.index()),
            (5, Some(command), _) => (op(OpKind::InsertBefore, command, "", &new), command.index()),
            (6, Some(command), _) => (op(OpKind::Remove, command, "", ""), command.index()),
            (7, _, Some(pair)) => (op(OpKind::Set, pair, "/value", "new \"value\""), pair.index()),
            _ => return,
        };
        let mut next = self.plan.clone();
        // What cannot be written beside the others waits, as in a run.
        if next.add(&[document], std::slice::from_ref(&op)).is_err() || render(&[document], &next).is_err() {
            return;
        }
        self.plan = next;
        match op.kind {
            OpKind::InsertAfter | OpKind::InsertBefore if at == 0 => self.instructions.push(label),
            OpKind::InsertAfter => self.after.entry(at).or_default().push(new),
            OpKind::InsertBefore => self.before.entry(at).or_default().push(new),
            OpKind::Set if at != instruction.index() => {
                self.values.insert(text_of(pair.unwrap(), "key").to_owned(), "new \"value\"".to_owned());
            }
            _ if at == instruction.index() => {
                self.gone.insert(at);
                self.instructions.extend((op.kind == OpKind::Set).then_some(label));
            }
            _ => {
                self.removed.insert(at);
            }
        }
        if at != 0 {
            self.changed.insert(instruction.index());
        }
    }

    /// The commands there are to be, in order.
    fn commands(&self, document: &Document) -> Vec<String> {
        let left = instructions(document).into_iter().filter(|instruction| !self.gone.contains(&instruction.index()));
        let mut expected = vec![];
        for command in left.flat_map(commands) {
            expected.extend(self.before.get(&command.index()).into_iter().flatten().cloned());
            expected.extend((!self.removed.contains(&command.index())).then(|| called(command)));
            expected.extend(self.after.get(&command.index()).into_iter().flatten().cloned());
        }
        expected
    }
}

fn comments(text: &str) -> BTreeSet<&str> {
    text.lines().map(str::trim).filter(|line| line.starts_with("# ")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dockerfiles_say_what_was_asked_and_keep_the_rest(choices in choices()) {
        let mut dice = Dice::new(choices);
        let escape = if dice.maybe() { '`' } else { '\\' };
        let windows = dice.maybe();
        let unended = dice.maybe();
        let mut text = Writer { dice: &mut dice, escape, names: 0 }.file();
        if unended {
            text.pop();
        }
        if windows {
            text = text.replace('\n', "\r\n");
        }
        let before = Project::docker(&text);
        let (document, problems) = before.parse();
        prop_assert_eq!(problems, 0, "{}", text);
        let mut asked = Asked::default();
        for number in 0..=dice.pick(4) {
            asked.ask(&document, &mut dice, number);
        }
        let rendered = render(&[&document], &asked.plan).unwrap();
        prop_assert_eq!(sound(&before, &rendered), Ok(()), "{}", text);
        let after = before.with(&rendered.edits);
        let (new, problems) = after.parse();
        let shown = format!("{text}\n=>\n{}\n{:?}", after.text(), asked.plan);
        prop_assert_eq!(problems, 0, "{}", shown);

        let found: Vec<String> = instructions(&new).into_iter().flat_map(commands).map(called).collect();
        prop_assert_eq!(found, asked.commands(&document), "{}", shown);
        let values = pairs(&new);
        for (key, value) in &asked.values {
            prop_assert_eq!(values.get(key), Some(value), "{}", shown);
        }
        let mut left = instructions(&new).into_iter().map(whole);
        for instruction in instructions(&document).into_iter().filter(|instruction| !asked.changed.contains(&instruction.index())) {
            let own = whole(instruction);
            prop_assert!(left.any(|other| other == own), "{} is lost: {}", own, shown);
        }
        for label in &asked.instructions {
            prop_assert!(instructions(&new).into_iter().any(|instruction| whole(instruction) == *label), "{} is not there: {}", label, shown);
        }
        // Comments inside what is gone as a whole go with it.
        let gone: Vec<&str> = instructions(&document).into_iter().filter(|one| asked.gone.contains(&one.index())).map(Node::source_text).collect();
        let kept = comments(after.text());
        for comment in comments(&text).into_iter().filter(|comment| !gone.iter().any(|gone| gone.contains(comment))) {
            prop_assert!(kept.contains(comment), "{} is lost: {}", comment, shown);
        }
        let (ours, others) = line_ends(after.text());
        prop_assert!(if windows { others == 0 } else { ours == 0 }, "line ends: {}", shown);
    }
}
