//! The rules that run over a job, worked out once for all jobs over which the same are in force.

use crate::catalogue::{Catalogue, Place};
use plimsoll_verdict::InForce;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers kept: a project's settings for some of its paths make as many as there are combinations of them.
const KEPT: usize = 16;

/// The rules that run over a job.
#[derive(Debug)]
pub(crate) struct Enabled {
    /// In order.
    pub(crate) plugins: Vec<OfPlugin>,
    /// The relations that they follow.
    pub(crate) relations: BTreeSet<String>,
}

/// Those of one plugin.
#[derive(Debug)]
pub(crate) struct OfPlugin {
    /// Its place in the catalogue.
    pub(crate) plugin: usize,
    /// Its rules that are to run.
    pub(crate) rules: Vec<usize>,
    /// Their numbers in it, ascending.
    pub(crate) numbers: Vec<u32>,
}

/// The answers so far.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Vec<Answer>>);

#[derive(Debug)]
struct Answer {
    target: &'static str,
    in_force: Vec<InForce>,
    enabled: Arc<Enabled>,
}

impl Known {
    /// The rules of a target that are on for any of a job's files.
    pub(crate) fn of(&self, catalogue: &Catalogue, target: &'static str, in_force: &[InForce]) -> Arc<Enabled> {
        // Many files, mostly, with one answer for them all.
        let mut in_force = in_force.to_vec();
        in_force.dedup_by(|one, next| Arc::ptr_eq(one, next));
        let is_same = |answer: &&Answer| {
            answer.target == target
                && answer.in_force.len() == in_force.len()
                && answer.in_force.iter().zip(&in_force).all(|(one, other)| Arc::ptr_eq(one, other))
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.iter().find(is_same) {
            return answer.enabled.clone();
        }
        let enabled = Arc::new(enabled(catalogue, target, &in_force));
        if known.len() >= KEPT {
            known.clear();
        }
        known.push(Answer { target, in_force, enabled: enabled.clone() });
        enabled
    }
}

fn enabled(catalogue: &Catalogue, target: &str, in_force: &[InForce]) -> Enabled {
    let mut plugins: Vec<OfPlugin> = vec![];
    let is_on = |rule: &usize| in_force.iter().any(|severities| severities[*rule].is_some());
    for rule in catalogue.of_target(target).iter().copied().filter(is_on) {
        let Place { plugin, number } = catalogue.places[rule];
        match plugins.last_mut().filter(|last| last.plugin == plugin) {
            Some(last) => {
                last.rules.push(rule);
                last.numbers.push(number);
            }
            None => plugins.push(OfPlugin { plugin, rules: vec![rule], numbers: vec![number] }),
        }
    }
    let relations = plugins.iter().flat_map(|plugin| &plugin.rules).flat_map(|rule| catalogue.relations(*rule));
    Enabled { relations: relations.map(str::to_owned).collect(), plugins }
}
