//! Fixes of one object as a JSON Patch.

use crate::admission::{Admission, Object, Reviewed, Unreadable};
use crate::resolve::{Fixes, Judged};
use plimsoll_document::Document;
use plimsoll_finding::{Applicability, Finding, State};
use plimsoll_fix::{Plan, json_patch};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// Rounds of fixing after which what is left stays: a fix may uncover another's finding, but not for ever.
const MAX_ROUNDS: usize = 8;

/// An object after its fixes.
#[derive(Debug, Clone, Default)]
pub struct Mutated {
    /// RFC 6902, to be applied to the object that was given; `None` if nothing was fixed.
    pub patch: Option<json_patch::Patch>,
    /// Rule and title of what was applied.
    pub applied: Vec<(Arc<str>, String)>,
    /// What is left.
    pub reviewed: Reviewed,
}

/// Names a fix across rounds.
type FixKey = (Arc<str>, String, String);

impl Admission {
    /// Applies the fixes that `allowed` lets pass: the worst applicability that a finding's fix may have, `None` to leave it. A fix that
    /// leaves its finding, or breaks the object, is not applied. The result is stable: the patched object gives no patch.
    ///
    /// # Errors
    /// When the text is no JSON object, or larger than can be judged.
    pub fn mutate(
        &self,
        object: &str,
        allowed: &dyn Fn(&Finding) -> Option<Applicability>,
        deadline: Option<Instant>,
    ) -> Result<Mutated, Unreadable> {
        let mut state = self.judge(object, deadline, Fixes::Ops)?;
        let mut applied = vec![];
        let mut refused: BTreeSet<FixKey> = BTreeSet::new();
        let mut patch = json_patch::Patch::default();
        let mut current: Option<Value> = None;
        for _ in 0..MAX_ROUNDS {
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                break;
            }
            let Some((step, members)) = together(&state, allowed, &refused) else { break };
            let before = match current.take() {
                Some(before) => before,
                None => serde_json::from_str(object).map_err(|error| Unreadable(error.to_string()))?,
            };
            let mut next = before.clone();
            let sound = json_patch::patch(&mut next, &step).is_ok() && next != before;
            let judged = if sound { self.judge(&next.to_string(), deadline, Fixes::Ops).ok() } else { None };
            let Some(after) = judged else {
                refused.extend(members);
                current = Some(before);
                continue;
            };
            let left: Vec<FixKey> = members.iter().filter(|key| count(&after.judged, key) >= count(&state.judged, key)).cloned().collect();
            if !left.is_empty() || worse(&after, &state) {
                // Without those that changed nothing for the better; if that is none, without the lot.
                refused.extend(if left.is_empty() { members } else { left });
                current = Some(before);
                continue;
            }
            applied.extend(members.into_iter().map(|(rule, _, title)| (rule, title)));
            patch.0.extend(step.0);
            (state, current) = (after, Some(next));
        }
        let patch = Some(patch).filter(|patch| !patch.0.is_empty());
        Ok(Mutated { patch, applied, reviewed: state.reviewed() })
    }
}

/// The fixes that go together now, as one patch.
fn together(
    state: &Object,
    allowed: &dyn Fn(&Finding) -> Option<Applicability>,
    refused: &BTreeSet<FixKey>,
) -> Option<(json_patch::Patch, Vec<FixKey>)> {
    let unit: [&Document; 1] = [&state.document];
    let mut plan = Plan::default();
    let mut members = vec![];
    for one in state.judged.iter().filter(|one| one.finding.state == State::Active) {
        let Some(level) = allowed(&one.finding) else { continue };
        let usable = one.finding.fixes.iter().zip(&one.ops).find(|(fix, ops)| {
            let tried = refused.contains(&(one.finding.rule.clone(), one.finding.fingerprint.clone(), fix.title.clone()));
            fix.trusted && fix.dropped.is_none() && fix.applicability <= level && !ops.is_empty() && !tried
        });
        let Some((fix, ops)) = usable else { continue };
        // In a conflict the later fix waits for the next round. One that cannot be said in JSON is left out.
        let mut next = plan.clone();
        if next.add(&unit, ops).is_ok() && json_patch(&unit, &next).is_ok() {
            plan = next;
            members.push((one.finding.rule.clone(), one.finding.fingerprint.clone(), fix.title.clone()));
        }
    }
    let value = json_patch(&unit, &plan).ok().filter(|_| !members.is_empty())?;
    Some((serde_json::from_value(value).ok()?, members))
}

fn count(judged: &[Judged], (rule, fingerprint, _): &FixKey) -> usize {
    judged.iter().filter(|one| one.finding.rule == *rule && one.finding.fingerprint == *fingerprint).count()
}

/// Whether rules that answered before do not any more.
fn worse(after: &Object, before: &Object) -> bool {
    after.unjudged().len() > before.unjudged().len()
}
