//! The rules of a project, for who explains or completes them.

use crate::project::Setup;
use plimsoll_finding::RuleMeta;
use plimsoll_verdict::own_rules;
use std::sync::Arc;

/// The rules that a project's settings know.
#[derive(Clone)]
pub struct Rules(Arc<Setup>);

impl Rules {
    pub(super) const fn new(setup: Arc<Setup>) -> Self {
        Self(setup)
    }

    /// All of them, ours about waivers last.
    pub fn all(&self) -> Vec<RuleMeta> {
        let mut rules = self.0.catalogue.rules().to_vec();
        rules.extend(own_rules());
        rules
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<RuleMeta> {
        let index = self.0.evaluator.catalogue().index(id)?;
        self.at(index)
    }

    /// Those that a selector names: an id, a peer's id, a glob, a target.
    pub fn named(&self, selector: &str) -> Vec<RuleMeta> {
        let indices = self.0.evaluator.catalogue().cover(selector).unwrap_or_default();
        indices.into_iter().filter_map(|index| self.at(index)).collect()
    }

    fn at(&self, index: usize) -> Option<RuleMeta> {
        let rules = self.0.catalogue.rules();
        rules.get(index).cloned().or_else(|| own_rules().into_iter().nth(index.checked_sub(rules.len())?))
    }
}
