//! Stages: what is in force in each, and how they depend on each other.

use super::Tree;
use super::instruction::View;
use super::script::{Dialect, Shell};
use super::value::outcome;
use crate::instruction::{Body, Instruction};
use crate::keyword::Keyword;
use crate::lex::{self, Options};
use crate::text::{Cut, Text};
use crate::unit::{Unit, What};
use crate::variable::{Scope, State, Variables as _};
use plimsoll_document::schema::key;
use plimsoll_document::{Flags, Key, NodeId, Span, Value};
use std::collections::HashMap;
use std::rc::Rc;

/// Variables that stages may take over from their parents, all together: a file of a thousand stages each with a thousand is refused.
const MAX_INHERITED: usize = 500_000;

/// Something that the last instruction of its kind decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Force {
    /// Nothing set it.
    #[default]
    Absent,
    /// This node.
    Is(NodeId),
    /// A broken instruction may have set it.
    Unsure,
}

/// A variable of the environment.
#[derive(Clone, Debug)]
pub(super) struct EnvVariable {
    pub(super) name: Rc<str>,
    pub(super) state: State,
    pub(super) pair: NodeId,
}

/// The environment, in the order its variables were first set.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    pub(super) variables: Vec<EnvVariable>,
    index: HashMap<Rc<str>, usize>,
}

impl Environment {
    fn set(&mut self, variable: EnvVariable) {
        if let Some(at) = self.index.get(&variable.name) {
            self.variables[*at] = variable;
        } else {
            self.index.insert(variable.name.clone(), self.variables.len());
            self.variables.push(variable);
        }
    }
}

/// What is in force at one place of a stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Effective {
    pub(super) user: Force,
    pub(super) workdir: Force,
    /// The directory itself, where it can be told.
    pub(super) directory: Option<Rc<str>>,
    pub(super) shell: Force,
    pub(super) dialect: Shell,
    pub(super) healthcheck: Force,
    pub(super) cmd: Force,
    pub(super) entrypoint: Force,
    pub(super) env: Rc<Environment>,
    /// Whether ENV set something whose name cannot be told.
    pub(super) env_open: bool,
    pub(super) scope: Scope,
}

/// A written stage.
pub(super) struct Stage {
    pub(super) node: NodeId,
    pub(super) site: Span,
    /// In lower case.
    pub(super) name: Option<String>,
    pub(super) parent: Option<usize>,
    /// The first of the chain of stages it starts from; itself if it starts from an image.
    pub(super) bottom: usize,
    /// Whether it has a CMD of its own so far.
    cmd_here: bool,
    /// The `ImageRef` it starts from; `None` if unknown.
    pub(super) image: Option<NodeId>,
    pub(super) end: Effective,
    /// A part of it could not be read.
    pub(super) open: bool,
    /// Whether an earlier stage may be its parent, and it cannot be told.
    pub(super) parent_unknown: bool,
    /// Stages it needs, the parent included.
    pub(super) uses: Vec<usize>,
}

/// A name of `COPY --from` or of a mount.
pub(super) struct Pending {
    /// The facts or the mount.
    pub(super) node: NodeId,
    /// The stage it stands in.
    pub(super) user: usize,
    pub(super) name: String,
    pub(super) at: Span,
    pub(super) mount: bool,
}

impl Tree<'_, '_> {
    /// Writes one stage; `true` if a part of it could not be read.
    pub(super) fn stage(&mut self, list: NodeId, units: &[Unit<'_>], fragment: bool) -> bool {
        let (Some(first), Some(last)) = (units.first(), units.last()) else { return false };
        let site = first.site.to(last.site);
        let node = self.builder.item(list, Value::Map, site);
        let mut stage = Stage {
            node,
            site,
            name: None,
            parent: None,
            bottom: self.stages.len(),
            cmd_here: false,
            image: None,
            end: Effective { scope: self.global.open_beside(), ..Effective::default() },
            open: false,
            parent_unknown: false,
            uses: vec![],
        };
        let body = if fragment { units } else { &units[1..] };
        if !fragment {
            self.stage_head(&mut stage, first);
        }
        let body_site = body.first().zip(body.last()).map_or_else(|| Span::new(0, site.end, site.end), |(a, b)| a.site.to(b.site));
        let instructions = self.builder.entry(node, Key::of(key::INSTRUCTIONS), Value::List, body_site);
        for unit in body {
            match &unit.what {
                What::Instruction(instruction) if self.room() => self.stage_instruction(&mut stage, instructions, unit, instruction),
                What::Instruction(_) => stage.open = true,
                What::Broken(keyword) => {
                    stage.open = true;
                    broken(&mut stage.end, *keyword);
                }
            }
        }
        if stage.open {
            self.builder.flag(node, Flags::OPEN);
            self.builder.flag(instructions, Flags::OPEN);
        }
        let open = stage.open;
        if let Some(name) = &stage.name {
            self.first_named.get_or_insert(self.stages.len());
            self.names.insert(name.clone(), self.stages.len());
        }
        self.stages.push(stage);
        open
    }

    fn stage_head(&mut self, stage: &mut Stage, unit: &Unit<'_>) {
        let What::Instruction(from) = &unit.what else {
            stage.open = true;
            stage.parent_unknown = true;
            return;
        };
        let text = &unit.text;
        let Body::List(words) = &from.body else { return };
        if let Some(alias) = words.get(2) {
            let name = alias.of(text.as_str());
            stage.name = Some(name.to_lowercase());
            self.builder.entry(stage.node, Key::of(key::NAME), Value::String(name), text.span(*alias));
        }
        let global = self.global.clone();
        let written = self.instruction(stage.node, Some(Key::of(key::FROM)), unit, from, &global);
        stage.image = written.image;
        let base = words.first().map(|word| outcome(word.of(text.as_str()), self.escape, &global));
        match base.as_ref().and_then(|base| base.known()) {
            // No stage has a name with a slash, a colon or an at sign, whatever stands beside it.
            None => stage.parent_unknown = !base.as_ref().is_some_and(|base| base.partial().contains(['/', ':', '@'])),
            Some(base) => {
                let wanted = base.to_lowercase();
                stage.parent = self.names.get(&wanted).copied();
                stage.end.scope.open = wanted != "scratch";
                stage.end.dialect = default_shell(&wanted, self.escape);
            }
        }
        if let (Some(parent), Some(image)) = (stage.parent, stage.image) {
            let parent = &self.stages[parent];
            let (node, site) = (parent.node, parent.site);
            self.builder.entry(image, Key::of(key::STAGE), Value::Ref(node), site);
        }
        if let Some(parent) = stage.parent {
            stage.uses.push(parent);
            self.inherit(stage, parent);
        }
    }

    fn inherit(&mut self, stage: &mut Stage, parent: usize) {
        let before = &self.stages[parent];
        stage.end = before.end.clone();
        stage.bottom = before.bottom;
        if before.open {
            stage.open = true;
        }
        stage.parent_unknown |= before.parent_unknown;
        let count = stage.end.env.variables.len() + stage.end.scope.len();
        self.inherited += count;
        if self.inherited > MAX_INHERITED {
            stage.end.scope = stage.end.scope.open_beside();
            stage.end.env = Rc::default();
            stage.end.env_open = true;
            return;
        }
        // The image's environment is set anew, over arguments of the same name.
        let env = stage.end.env.clone();
        for variable in &env.variables {
            stage.end.scope.set(&variable.name, variable.state.clone());
        }
    }

    fn stage_instruction(&mut self, stage: &mut Stage, list: NodeId, unit: &Unit<'_>, instruction: &Instruction) {
        let view = View { scope: &stage.end.scope, shell: Some(&stage.end.dialect) };
        let written = self.viewed(list, None, unit, instruction, view);
        let text = &unit.text;
        let keyword = instruction.keyword;
        let sees = matches!(
            keyword,
            Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck
        );
        if sees {
            let facts = self.facts_of(written.node, unit.site);
            self.force(facts, "user", stage.end.user, "a broken USER");
            self.force(facts, "workdir", stage.end.workdir, "a broken WORKDIR");
        }
        let end = &mut stage.end;
        match (&instruction.body, keyword) {
            (Body::Pairs(pairs), Keyword::Arg) => {
                let global = self.global.clone();
                self.arg_pairs(written.node, text, pairs, text.span(instruction.arguments), &mut end.scope, Some(&global));
            }
            (Body::Pairs(pairs), Keyword::Env) => {
                // Every value sees the variables from before the instruction.
                let states: Vec<_> = pairs.iter().map(|pair| self.env_state(text, *pair, &end.scope)).collect();
                for (state, pair) in states.into_iter().zip(&written.pairs) {
                    declare_env(end, state, *pair);
                }
            }
            (Body::One, Keyword::User) => {
                let sets = self.sets(&written, unit);
                self.value(sets, Some(Key::of(key::VALUE)), text, instruction.arguments, &end.scope);
                self.subject(sets, written.node, unit.site);
                end.user = Force::Is(sets);
            }
            (Body::One, Keyword::Workdir) => self.workdir(end, &written, unit, instruction),
            (Body::Exec(elements), Keyword::Shell) => {
                end.shell = Force::Is(written.node);
                end.dialect = Shell::of(elements.iter().map(|element| element.value.as_str()));
            }
            (_, Keyword::Healthcheck) => end.healthcheck = Force::Is(written.node),
            (_, Keyword::Cmd) => {
                end.cmd = Force::Is(written.node);
                stage.cmd_here = true;
            }
            (_, Keyword::Entrypoint) => {
                end.entrypoint = Force::Is(written.node);
                if !stage.cmd_here {
                    end.cmd = Force::Absent;
                }
            }
            _ => {}
        }
    }

    fn sets(&mut self, written: &super::instruction::Written, unit: &Unit<'_>) -> NodeId {
        let facts = self.facts_of(written.node, unit.site);
        self.builder.entry(facts, Key::of(key::SETS), Value::Map, unit.site)
    }

    fn subject(&mut self, fact: NodeId, subject: NodeId, site: Span) {
        self.builder.entry(fact, Key::of(key::SUBJECT), Value::Ref(subject), site);
    }

    /// The facts of an instruction, made when first asked for.
    pub(super) fn facts_of(&mut self, instruction: NodeId, site: Span) -> NodeId {
        match self.facts {
            Some((of, facts)) if of == instruction => facts,
            _ => {
                let facts = self.builder.entry(instruction, Key::of(key::FACTS), Value::Map, site);
                self.facts = Some((instruction, facts));
                facts
            }
        }
    }

    /// Writes a fact that refers to what is in force.
    pub(super) fn force(&mut self, facts: NodeId, key: &str, force: Force, cause: &str) {
        let nowhere = Span::default();
        match force {
            Force::Absent => {}
            Force::Is(node) => {
                self.builder.entry(facts, Key::fact(key), Value::Ref(node), nowhere);
            }
            Force::Unsure => {
                self.builder.entry(facts, Key::fact(key), Value::Unknown(cause), nowhere);
            }
        }
    }

    fn workdir(&mut self, end: &mut Effective, written: &super::instruction::Written, unit: &Unit<'_>, instruction: &Instruction) {
        let sets = self.sets(written, unit);
        let site = unit.text.span(instruction.arguments);
        let outcome = outcome(instruction.arguments.of(unit.text.as_str()), self.escape, &end.scope);
        let scratch = !end.scope.open && end.workdir == Force::Absent;
        let directory = outcome.known().and_then(|path| joined(end.directory.as_deref().or(scratch.then_some("/")), path));
        // Each may be longer than the one before.
        let directory = directory.filter(|directory| end.scope.afford(directory.len()));
        let value = directory.as_deref().map_or(Value::Unknown("it is relative to a directory that cannot be told"), Value::String);
        self.builder.entry(sets, Key::of(key::VALUE), value, site);
        self.subject(sets, written.node, unit.site);
        end.workdir = Force::Is(sets);
        end.directory = directory.map(Rc::from);
    }

    /// The name and the state that an ENV pair sets; `None` if its name cannot be told.
    fn env_state(&self, text: &Text<'_>, pair: crate::instruction::PairAt, before: &Scope) -> Option<(Rc<str>, State)> {
        let key = outcome(pair.key.of(text.as_str()), self.escape, before);
        let at = pair.value?;
        let value = outcome(at.of(text.as_str()), self.escape, before);
        Some((key.known()?.into(), Self::state(text, at, &value, Flags::NONE)))
    }

    /// `COPY --from` and what else is known of ADD and COPY.
    pub(super) fn copy_facts(
        &mut self,
        node: NodeId,
        text: &Text<'_>,
        instruction: &Instruction,
        whole: Option<bool>,
        ignored: &[(NodeId, Span)],
    ) {
        let site = text.span(Cut { start: instruction.keyword_at.start, end: instruction.arguments.end });
        let facts = self.facts_of(node, site);
        let from = instruction.flags.iter().find(|flag| flag.name == "--from" && flag.value.is_some());
        if let Some(flag) = from {
            let name = flag.value.clone().unwrap_or_default();
            let at = text.span(flag.value_at);
            // BuildKit takes no variable here.
            let plain =
                lex::expand(&name, Options::expand(self.escape), &crate::variable::Nothing).is_ok_and(|expanded| expanded.text == name);
            if plain && !name.is_empty() {
                self.pending.push(Pending { node: facts, user: self.stages.len(), name, at, mount: false });
            } else {
                self.builder.flag(facts, Flags::OPEN);
            }
        }
        let value = match whole.filter(|_| from.is_none()) {
            Some(whole) => Value::Bool(whole),
            None if from.is_some() => Value::Bool(false),
            None => Value::Unknown("a source cannot be told"),
        };
        self.builder.entry(facts, Key::of(key::WHOLE_CONTEXT), value, site);
        if from.is_none() && !ignored.is_empty() {
            let list = self.builder.entry(facts, Key::of(key::IGNORED), Value::List, site);
            for (source, at) in ignored {
                self.builder.item(list, Value::Ref(*source), *at);
            }
        }
    }
}

fn declare_env(end: &mut Effective, state: Option<(Rc<str>, State)>, pair: NodeId) {
    let Some((name, state)) = state else {
        end.env_open = true;
        end.scope.open = true;
        return;
    };
    end.scope.set(&name, state.clone());
    Rc::make_mut(&mut end.env).set(EnvVariable { name, state, pair });
}

/// What a broken instruction leaves in doubt.
fn broken(end: &mut Effective, keyword: Option<Keyword>) {
    match keyword {
        Some(Keyword::User) => end.user = Force::Unsure,
        Some(Keyword::Workdir) => (end.workdir, end.directory) = (Force::Unsure, None),
        Some(Keyword::Shell) => (end.shell, end.dialect) = (Force::Unsure, Shell { dialect: Dialect::Unknown, ..Shell::default() }),
        Some(Keyword::Healthcheck) => end.healthcheck = Force::Unsure,
        Some(Keyword::Cmd) => end.cmd = Force::Unsure,
        Some(Keyword::Entrypoint) => end.entrypoint = Force::Unsure,
        Some(Keyword::Env | Keyword::Arg) => {
            end.scope = end.scope.open_beside();
            end.env_open = true;
        }
        _ => {}
    }
}

/// What runs the shell form where no SHELL says otherwise: cmd on Windows, which the base image or a backtick for escape shows.
fn default_shell(base: &str, escape: u8) -> Shell {
    let windows = ["nanoserver", "servercore", "/windows", "dotnet/framework"].iter().any(|mark| base.contains(mark));
    if escape == b'`' || windows { Shell { dialect: Dialect::Cmd, ..Shell::default() } } else { Shell::default() }
}

/// A directory after `WORKDIR path`.
fn joined(before: Option<&str>, path: &str) -> Option<String> {
    let windows = path.starts_with('\\') || path.as_bytes().get(1) == Some(&b':');
    if windows {
        return Some(path.to_owned());
    }
    let whole =
        if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", before.filter(|before| before.starts_with('/'))?) };
    let mut kept: Vec<&str> = vec![];
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(kept.pop()),
            part => kept.push(part),
        }
    }
    Some(format!("/{}", kept.join("/")))
}
