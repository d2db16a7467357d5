//! Instructions to document.

mod facts;
mod flags;
mod image;
mod instruction;
mod run;
mod script;
mod stage;
mod value;

use crate::instruction::Body;
use crate::keyword::Keyword;
use crate::text::Cut;
use crate::unit::{FileUnits, Refusal, Unit, What};
use crate::variable::{Scope, TOO_LARGE};
use crate::{Input, argument, context, unit};
use plimsoll_document::schema::key;
use plimsoll_document::{Builder, Flags, Key, NodeId, Span, Value};
use plimsoll_formats::{Parsed, Problem, ProblemKind, is_full};
use stage::Stage;
use std::collections::HashMap;

/// The document being written, and what is in force where it has come to.
pub(crate) struct Tree<'i, 'k> {
    input: &'i Input<'i>,
    builder: Builder<'k>,
    escape: u8,
    /// The variables of FROM lines.
    global: Scope,
    stages: Vec<Stage>,
    /// `COPY --from` and mounts, which may name later stages: resolved at the end.
    pending: Vec<stage::Pending>,
    problems: Vec<Problem>,
    source_length: u32,
    /// The last stage of each name, in lower case.
    names: HashMap<String, usize>,
    first_named: Option<usize>,
    /// Variables that stages took over from their parents, all together.
    inherited: usize,
    /// The facts of the instruction being written.
    facts: Option<(NodeId, NodeId)>,
    context: context::Context,
}

pub(crate) fn parse(input: &Input<'_>) -> Parsed {
    let file = unit::read(input.text);
    let mut builder = Builder::new("docker", input.keys);
    builder.source(input.path, input.text);
    let context = context::read(input, &mut builder);
    let whole = Span::new(0, 0, input.text.len() as u32);
    let mut tree = Tree {
        input,
        builder,
        escape: file.escape,
        global: Scope::global(),
        stages: vec![],
        pending: vec![],
        problems: vec![],
        source_length: whole.end,
        names: HashMap::new(),
        first_named: None,
        inherited: 0,
        facts: None,
        context,
    };
    let root = tree.builder.root(Value::Map, whole);
    if let Some(at) = template(input.text, &file) {
        tree.builder.flag(root, Flags::OPEN | Flags::TEMPLATED);
        let problem = Problem { kind: ProblemKind::Template, at, message: "a template, not judged".to_owned() };
        return Parsed { document: tree.builder.finish(), comments: file.comments, problems: vec![problem] };
    }
    tree.directives(root, &file);
    let (fragment, misplaced) = tree.body(root, &file);
    tree.stage_facts();
    tree.file_facts(root, fragment, &file, &misplaced);
    if tree.global.is_spent() {
        tree.limit(TOO_LARGE);
    }
    let mut problems = file.problems;
    problems.append(&mut tree.problems);
    problems.sort_by_key(|problem| problem.at.start);
    Parsed { document: tree.builder.finish(), comments: file.comments, problems }
}

/// The first template markup, if the file does not parse because of it.
fn template(text: &str, file: &FileUnits<'_>) -> Option<Span> {
    let marks = ["{{", "{%"];
    let blamed = file.problems.iter().filter(|problem| problem.kind == ProblemKind::Syntax).any(|problem| {
        let start = text[..(problem.at.start as usize).min(text.len())].rfind('\n').map_or(0, |at| at + 1);
        let from = (problem.at.end as usize).clamp(start, text.len());
        let end = text[from..].find('\n').map_or(text.len(), |at| from + at);
        marks.iter().any(|mark| text[start..end].contains(mark))
    });
    if !blamed {
        return None;
    }
    let at = marks.iter().filter_map(|mark| text.find(mark)).min()? as u32;
    Some(Span::new(0, at, at + 2))
}

impl Tree<'_, '_> {
    /// Whether there is room for more. A file that asks for more than a document may hold is cut short, and says so.
    fn room(&mut self) -> bool {
        if !is_full(&self.builder) {
            return true;
        }
        self.limit("the file expands to too many values");
        false
    }

    fn limit(&mut self, message: &str) {
        if !self.problems.iter().any(|problem| problem.message == message) {
            self.problems.push(Problem { kind: ProblemKind::Limit, at: Span::new(0, 0, 0), message: message.to_owned() });
        }
    }

    fn directives(&mut self, root: NodeId, file: &FileUnits<'_>) {
        let good = |found: &&crate::reader::Found| found.refused.is_none();
        let Some(first) = file.directives.iter().find(good) else { return };
        let last = file.directives.iter().rfind(good).unwrap_or(first);
        let site = Span::new(0, first.line.0 as u32, last.line.1 as u32);
        let map = self.builder.entry(root, Key::of(key::DIRECTIVES), Value::Map, site);
        for found in file.directives.iter().filter(good) {
            let key = Key::at(found.name.text(), Span::new(0, found.key.0 as u32, found.key.1 as u32));
            let text = &self.input.text[found.value.0..found.value.1];
            self.builder.entry(map, key, Value::String(text), Span::new(0, found.value.0 as u32, found.value.1 as u32));
        }
    }

    /// Writes ARGs and stages. `true` for a fragment; and what stands before the first FROM and must not.
    fn body(&mut self, root: NodeId, file: &FileUnits<'_>) -> (bool, Vec<Refusal>) {
        let units = &file.units;
        let is = |unit: &Unit<'_>, keyword: Keyword| match &unit.what {
            What::Instruction(instruction) => instruction.keyword == keyword,
            What::Broken(broken) => *broken == Some(keyword),
        };
        let first = units.iter().position(|unit| is(unit, Keyword::From));
        let other = units.iter().any(|unit| !is(unit, Keyword::Arg));
        let fragment = first.is_none() && other;
        let head = if fragment { 0 } else { first.unwrap_or(units.len()) };
        let args_site = units.get(..head).and_then(|head| Some(head.first()?.site.to(head.last()?.site))).unwrap_or_default();
        let args = self.builder.entry(root, Key::of(key::ARGS), Value::List, args_site);
        let mut misplaced = vec![];
        for (number, unit) in units[..head].iter().enumerate() {
            if let What::Instruction(instruction) = &unit.what {
                if instruction.keyword == Keyword::Arg {
                    self.global_arg(args, unit, instruction);
                    continue;
                }
                let message = format!("{} before the first FROM", instruction.keyword.name());
                misplaced.push(Refusal { unit: number, at: unit.site, message: message.clone(), kind: "order" });
                self.problems.push(Problem { kind: ProblemKind::Syntax, at: unit.site, message });
            }
            self.open(&[root, args]);
        }
        let body = &units[head..];
        let site = body.first().zip(body.last()).map_or(Span::new(0, self.source_length, self.source_length), |(a, b)| a.site.to(b.site));
        let stages = self.builder.entry(root, Key::of(key::STAGES), Value::List, site);
        let mut rest = body;
        while !rest.is_empty() && self.room() {
            let len = rest.iter().skip(1).position(|unit| !fragment && is(unit, Keyword::From)).map_or(rest.len(), |at| at + 1);
            let (stage, after) = rest.split_at(len);
            if self.stage(stages, stage, fragment) {
                self.open(&[root, stages]);
            }
            rest = after;
        }
        if !rest.is_empty() {
            self.open(&[root, stages]);
        }
        (fragment, misplaced)
    }

    fn open(&mut self, nodes: &[NodeId]) {
        for node in nodes {
            self.builder.flag(*node, Flags::OPEN);
        }
    }

    fn global_arg(&mut self, list: NodeId, unit: &Unit<'_>, instruction: &crate::instruction::Instruction) {
        let mut scope = core::mem::take(&mut self.global);
        let written = self.instruction(list, None, unit, instruction, &scope);
        if let Body::Pairs(pairs) = &instruction.body {
            self.arg_pairs(written.node, &unit.text, pairs, unit.text.span(instruction.arguments), &mut scope, None);
        }
        self.global = scope;
    }

    fn file_facts(&mut self, root: NodeId, fragment: bool, file: &FileUnits<'_>, misplaced: &[Refusal]) {
        let site = Span::new(0, 0, 0);
        let facts = self.builder.entry(root, Key::of(key::FACTS), Value::Map, site);
        self.builder.entry(facts, Key::of(key::FRAGMENT), Value::Bool(fragment), site);
        if let Some(last) = self.stages.last() {
            let node = last.node;
            self.builder.entry(facts, Key::of(key::FINAL), Value::Ref(node), site);
        }
        let escape = if self.escape == b'`' { "`" } else { "\\" };
        self.builder.entry(facts, Key::of(key::ESCAPE), Value::String(escape), site);
        context::write(&mut self.builder, facts, &self.context);
        self.refused(facts, file, misplaced);
        self.comments(facts, file);
    }

    fn refused(&mut self, facts: NodeId, file: &FileUnits<'_>, misplaced: &[Refusal]) {
        if file.refusals.is_empty() && misplaced.is_empty() {
            return;
        }
        let list = self.builder.entry(facts, Key::of(key::REFUSED), Value::List, Span::default());
        for refusal in misplaced.iter().chain(&file.refusals) {
            let Some(unit) = file.units.get(refusal.unit).filter(|_| self.room()) else { break };
            let text = unit.text.as_str();
            let (word, rest) = argument::split_first(text, Cut::new(0, text.len()).trim(text));
            let item = self.builder.item(list, Value::Map, unit.site);
            self.builder.entry(item, Key::of(key::WORD), Value::String(word.of(text)), unit.text.span(word));
            let rest = rest.unwrap_or(Cut { start: word.end, end: word.end });
            self.builder.entry(item, Key::of(key::TEXT), Value::String(rest.of(text)), unit.text.span(rest));
            self.builder.entry(item, Key::of(key::KIND), Value::String(refusal.kind), refusal.at);
            self.builder.entry(item, Key::of(key::CAUSE), Value::String(&refusal.message), refusal.at);
        }
    }

    fn comments(&mut self, facts: NodeId, file: &FileUnits<'_>) {
        let is_directive = |at: Span| file.directives.iter().any(|found| found.line.0 as u32 == at.start);
        let plain: Vec<Span> = file.comments.iter().map(|comment| comment.at).filter(|at| !is_directive(*at)).collect();
        if plain.is_empty() {
            return;
        }
        let list = self.builder.entry(facts, Key::of(key::COMMENTS), Value::List, Span::default());
        for at in plain {
            if !self.room() {
                self.builder.flag(list, Flags::OPEN);
                break;
            }
            let text = &self.input.text[at.start as usize..at.end as usize];
            self.builder.item(list, Value::String(text.trim_start_matches('#').trim()), at);
        }
    }
}
