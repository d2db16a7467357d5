//! Facts about stages, written when all of them are known.

use super::Tree;
use super::stage::Force;
use plimsoll_document::schema::key;
use plimsoll_document::{Flags, Key, Span, Value};

impl Tree<'_, '_> {
    pub(super) fn stage_facts(&mut self) {
        self.resolve_names();
        let (shipped, unsure) = self.shipped();
        let mut used = shipped.clone();
        for at in (0..self.stages.len()).rev() {
            self.spread(at, &mut used);
        }
        for at in 0..self.stages.len() {
            if !self.room() {
                let node = self.stages[at].node;
                self.builder.flag(node, Flags::OPEN);
                continue;
            }
            self.facts_of_stage(at, shipped[at], used[at], unsure);
        }
    }

    /// Marks what `at` needs, and what that needs in turn; a later stage may be named, so this walks.
    fn spread(&self, at: usize, used: &mut [bool]) {
        if !used[at] {
            return;
        }
        let mut left = vec![at];
        while let Some(stage) = left.pop() {
            for needed in &self.stages[stage].uses {
                if !used[*needed] {
                    used[*needed] = true;
                    left.push(*needed);
                }
            }
        }
    }

    /// Which stages are shipped; and whether a name that settings give is no stage here.
    fn shipped(&self) -> (Vec<bool>, bool) {
        let mut shipped = vec![false; self.stages.len()];
        if let Some(last) = shipped.last_mut() {
            *last = true;
        }
        let mut unsure = false;
        for target in self.input.shipped {
            match self.find(target) {
                Some(at) => shipped[at] = true,
                None => unsure = true,
            }
        }
        (shipped, unsure)
    }

    /// The stage of a name or a number.
    fn find(&self, name: &str) -> Option<usize> {
        if let Ok(number) = name.parse::<usize>() {
            return (number < self.stages.len()).then_some(number);
        }
        let lower = name.to_lowercase();
        self.names.get(&lower).copied()
    }

    fn resolve_names(&mut self) {
        for pending in core::mem::take(&mut self.pending) {
            match self.find(&pending.name) {
                Some(stage) => {
                    let (node, site) = (self.stages[stage].node, self.stages[stage].site);
                    if let Some(user) = self.stages.get_mut(pending.user) {
                        user.uses.push(stage);
                    }
                    let key = if pending.mount { "from-stage" } else { "copies" };
                    self.builder.entry(pending.node, Key::fact(key), Value::Ref(node), site);
                }
                None if pending.mount => {}
                // A number beyond the stages names nothing.
                None if pending.name.bytes().all(|byte| byte.is_ascii_digit()) => self.builder.flag(pending.node, Flags::OPEN),
                None => self.external_image(pending.node, &pending.name, pending.at),
            }
        }
    }

    fn facts_of_stage(&mut self, at: usize, shipped: bool, used: bool, unsure: bool) {
        let stage = &self.stages[at];
        let (node, site, open) = (stage.node, stage.site, stage.open);
        let end = stage.end.clone();
        let parent_unknown = stage.parent_unknown;
        let mut parents = vec![];
        let mut above = stage.parent;
        // A chain of a thousand stages would be written a thousand times.
        while let Some(parent) = above.filter(|_| parents.len() < 100) {
            parents.push((self.stages[parent].node, self.stages[parent].site));
            above = self.stages[parent].parent;
        }
        let base = self.stages[self.stages[at].bottom].image;
        let last = at + 1 == self.stages.len();
        let facts = self.builder.entry(node, Key::of(key::FACTS), Value::Map, site);
        if open {
            self.builder.flag(facts, Flags::OPEN);
        }
        let fact = Span::default();
        let put = |tree: &mut Self, key: &str, value: Value<'_>| tree.builder.entry(facts, Key::fact(key), value, fact);
        put(self, "index", Value::Number(f64::from(at as u32)));
        put(self, "final", Value::Bool(last));
        let maybe = |known: bool| {
            if known || !unsure { Value::Bool(known) } else { Value::Unknown("a target that settings name is no stage here") }
        };
        put(self, "shipped", maybe(shipped));
        put(self, "used", maybe(used));
        if let Some((parent, at)) = parents.first() {
            self.builder.entry(facts, Key::of(key::PARENT), Value::Ref(*parent), *at);
        } else if parent_unknown {
            put(self, "parent", Value::Unknown("it cannot be told what the stage starts from"));
        }
        let list = put(self, "parents", Value::List);
        for (parent, at) in &parents {
            self.builder.item(list, Value::Ref(*parent), *at);
        }
        if parent_unknown || above.is_some() {
            self.builder.flag(list, Flags::OPEN);
        }
        put(self, "base", base.map_or(Value::Unknown("the file does not say what the stage starts from"), Value::Ref));
        let forces = [
            ("user", end.user),
            ("workdir", end.workdir),
            ("shell", end.shell),
            ("healthcheck", end.healthcheck),
            ("cmd", end.cmd),
            ("entrypoint", end.entrypoint),
        ];
        for (key, force) in forces {
            // What starts from an earlier stage that cannot be told may have anything from there.
            let force = if force == Force::Absent && parent_unknown && self.first_named.is_some_and(|first| first < at) {
                Force::Unsure
            } else {
                force
            };
            self.force(facts, key, force, "it cannot be told from here");
        }
        let env = put(self, "env", Value::Map);
        if end.scope.open || end.env_open {
            self.builder.flag(env, Flags::OPEN);
        }
        for variable in &end.env.variables {
            if !self.room() {
                self.builder.flag(env, Flags::OPEN);
                break;
            }
            self.builder.entry(env, Key::fact(&variable.name), Value::Ref(variable.pair), fact);
        }
    }
}
