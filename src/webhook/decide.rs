//! What findings lead to: pure, so that every case can be tested without a server.

use crate::policy::Enforcement;
use plimsoll_config::{Action, FailurePolicy};
use plimsoll_engine::{Reviewed, Unjudged};
use plimsoll_finding::{Finding, Severity, State, Waived};
use std::collections::HashMap;

/// A finding and what it leads to.
#[derive(Debug, Clone)]
pub(crate) struct Weighed {
    pub(crate) finding: Finding,
    pub(crate) action: Action,
    /// Whether the object had it before: then it is at most warned of.
    pub(crate) before: bool,
}

/// What is to be answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decision {
    /// Findings that count, the gravest action first.
    pub(crate) weighed: Vec<Weighed>,
    /// Findings that are waived or exempt.
    pub(crate) waived: Vec<Finding>,
    /// Rules that gave no answer, with what they would have led to.
    pub(crate) unjudged: Vec<(Unjudged, Action)>,
}

impl Decision {
    /// Whether the request is refused.
    pub(crate) fn denies(&self, failure_policy: FailurePolicy) -> bool {
        self.denials().next().is_some() || (failure_policy == FailurePolicy::Fail && self.missing().next().is_some())
    }

    /// Findings for which it is refused.
    pub(crate) fn denials(&self) -> impl Iterator<Item = &Weighed> {
        self.weighed.iter().filter(|one| one.action == Action::Deny)
    }

    /// Rules that might have refused it and gave no answer.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &Unjudged> {
        self.unjudged.iter().filter(|(_, action)| *action == Action::Deny).map(|(unjudged, _)| unjudged)
    }
}

/// Weighs findings under the settings in force for the request. `before` gives what was found in the object as it was, and is asked only
/// where that could matter.
pub(crate) fn decide(enforcement: &Enforcement<'_>, reviewed: Reviewed, before: impl FnOnce() -> Option<Reviewed>) -> Decision {
    let mut decision = Decision { waived: reviewed.waived, ..Decision::default() };
    for mut finding in reviewed.findings {
        let action = enforcement.action(&finding.rule, finding.severity);
        if action == Action::Off {
            continue;
        }
        if let Some(waived) = enforcement.exempts(&finding.rule) {
            finding.state = State::Waived(Waived::clone(waived));
            decision.waived.push(finding);
            continue;
        }
        decision.weighed.push(Weighed { finding, action, before: false });
    }
    for unjudged in reviewed.unjudged {
        let counts = |rule: &&std::sync::Arc<str>| enforcement.exempts(rule).is_none();
        let action = unjudged.rules.iter().filter(counts).map(|rule| enforcement.action_of_rule(rule)).max().unwrap_or(Action::Off);
        if action > Action::Off {
            decision.unjudged.push((unjudged, action));
        }
    }
    if decision.denials().next().is_some()
        && let Some(before) = before()
    {
        forgive(&mut decision.weighed, &before);
    }
    decision.weighed.sort_by(|a, b| {
        let gravity = |one: &Weighed| (std::cmp::Reverse(one.action), std::cmp::Reverse(one.finding.severity));
        gravity(a).cmp(&gravity(b)).then_with(|| (&a.finding.rule, &a.finding.address).cmp(&(&b.finding.rule, &b.finding.address)))
    });
    decision
}

/// What the object had before, as often, is at most warned of: a change elsewhere must not break on it. What was waived then was there too.
fn forgive(weighed: &mut [Weighed], before: &Reviewed) {
    let mut old: HashMap<&str, usize> = HashMap::new();
    for finding in before.findings.iter().chain(&before.waived) {
        *old.entry(&finding.fingerprint).or_default() += 1;
    }
    let mut new: HashMap<String, usize> = HashMap::new();
    for one in weighed.iter() {
        *new.entry(one.finding.fingerprint.clone()).or_default() += 1;
    }
    for one in weighed {
        let had = old.get(one.finding.fingerprint.as_str()).copied().unwrap_or_default();
        if had >= new.get(&one.finding.fingerprint).copied().unwrap_or_default() {
            one.before = true;
            one.action = one.action.min(Action::Warn);
        }
    }
}

/// The gravest severity, for a summary.
pub(crate) fn gravest(decision: &Decision) -> Option<Severity> {
    decision.weighed.iter().map(|one| one.finding.severity).max()
}
