//! Judging one unit with one plugin.

use crate::failure::{Failure, FailureKind};
use crate::instance::Note;
use crate::load::Host;
use crate::plugin::{Instance, Plugin, budget};
use crate::validate::Validator;
use crate::{RawFinding, Unit, limits};
use std::time::{Duration, Instant};

/// What a plugin made of a unit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Checked {
    /// Findings that are valid in every index and span, in the plugin's order. Of rules that failed, what could be had.
    pub findings: Vec<RawFinding>,
    /// What was not done. Not empty: the unit is incomplete.
    pub failures: Vec<Failure>,
    /// What the plugin said.
    pub notes: Vec<Note>,
}

impl Host {
    /// Judges `unit` with the rules of `plugin` whose numbers are in `enabled`.
    ///
    /// Where the call fails, the rules are asked again in parts, each on an instance of its own, until those that fail stand alone: other
    /// rules' findings are intact. A reused instance gets one more try on a fresh one before that. All of it ends at the deadline.
    ///
    /// Blocks; to be called from as many threads as there are, each with [`limits::THREAD_STACK`] bytes of stack.
    pub fn check(&self, plugin: &Plugin, unit: &Unit<'_>, enabled: &[u32], deadline: Option<Duration>) -> Checked {
        let mut rules = enabled.to_vec();
        rules.sort_unstable();
        rules.dedup();
        let mut run = Run {
            host: self,
            plugin,
            unit,
            nodes: unit.nodes(),
            ends: deadline.map(|deadline| Instant::now() + deadline),
            calls: 0,
            answer: Checked::default(),
        };
        if rules.is_empty() || unit.documents.is_empty() {
            return run.answer;
        }
        run.judge(rules);
        run.answer
    }
}

struct Run<'r, 'u> {
    host: &'r Host,
    plugin: &'r Plugin,
    unit: &'r Unit<'u>,
    nodes: u64,
    ends: Option<Instant>,
    calls: u32,
    answer: Checked,
}

impl Run<'_, '_> {
    fn judge(&mut self, mut rules: Vec<u32>) {
        let suspects = self.plugin.suspects();
        let alone: Vec<u32> = if suspects.is_empty() { vec![] } else { rules.extract_if(.., |rule| suspects.contains(rule)).collect() };
        // A stack of parts still to be asked, the first on top.
        let mut parts: Vec<Vec<u32>> = alone.into_iter().rev().map(|rule| vec![rule]).collect();
        if !rules.is_empty() {
            parts.push(rules);
        }
        let isolating_from = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let mut together: Option<Failure> = None;
        let mut culprits = 0;
        while let Some(part) = parts.pop() {
            if self.calls > isolating_from.saturating_add(limits::ISOLATION_CALLS) {
                self.give_up(&part, "too many rules fail");
                continue;
            }
            let Err(failure) = self.ask(&part) else { continue };
            if failure.kind == FailureKind::Load {
                self.answer.failures.push(failure);
                return;
            }
            if let [rule] = part[..] {
                self.plugin.suspect(rule);
                culprits += 1;
                self.answer.failures.push(Failure { rule: Some(rule), ..failure });
                continue;
            }
            if self.left().is_some_and(|left| left.is_zero()) {
                self.answer.failures.push(failure);
                continue;
            }
            together.get_or_insert(failure);
            let (first, second) = part.split_at(part.len() / 2);
            parts.push(second.to_vec());
            parts.push(first.to_vec());
        }
        // What failed together is told only if nothing failed alone: else each culprit is named already.
        if culprits == 0 {
            self.answer.failures.extend(together);
        }
    }

    /// Asks one part of the rules, on an instance that is idle if there is one.
    fn ask(&mut self, rules: &[u32]) -> Result<(), Failure> {
        if self.left().is_some_and(|left| left.is_zero()) {
            return Err(Failure::new(FailureKind::Deadline, "was not asked before the deadline"));
        }
        if let Some(instance) = self.plugin.reused()
            && self.call(instance, rules).is_ok()
        {
            return Ok(());
        }
        let instance = self.plugin.fresh(self.host.shared(), self.left())?;
        self.call(instance, rules)
    }

    fn call(&mut self, mut instance: Instance, rules: &[u32]) -> Result<(), Failure> {
        self.calls += 1;
        let running = budget(self.host.shared(), &mut instance.store, limits::fuel(self.nodes), self.left());
        let result = instance.functions.check(&mut instance.store, self.unit, rules);
        drop(running);
        let outcome = match result {
            Ok(Ok(findings)) => self.accept(findings, rules),
            Ok(Err(words)) => Err(Failure::new(FailureKind::Answer, format!("answered with an error: {}", short(&words)))),
            Err(error) => {
                let failure = Failure::of_call(&error, &instance.store);
                self.hear(&mut instance);
                return Err(failure);
            }
        };
        self.hear(&mut instance);
        instance.judged();
        if !self.host.shared().fresh {
            self.plugin.give_back(instance);
        }
        outcome
    }

    /// Takes over findings, each only if it is valid.
    fn accept(&mut self, findings: Vec<RawFinding>, rules: &[u32]) -> Result<(), Failure> {
        let most = limits::findings(self.nodes);
        let bytes: usize = findings.iter().map(RawFinding::bytes).sum();
        let over = if findings.len() > most {
            Some(format!("reported {} findings, of which {most} are kept", findings.len()))
        } else if bytes > limits::RESULT_BYTES {
            Some("reported more than 4 MiB, of which the first are kept".to_owned())
        } else {
            None
        };
        let over = over.map(|message| Failure::new(FailureKind::Results, message));
        // Others may be lost among one rule's too many, so they are asked again without it.
        if let (Some(failure), 2..) = (&over, rules.len()) {
            return Err(failure.clone());
        }
        let mut validator = Validator::new(self.unit);
        let mut bytes = 0;
        let mut invalid: Vec<Failure> = vec![];
        for finding in findings.into_iter().take(most) {
            bytes += finding.bytes();
            if bytes > limits::RESULT_BYTES {
                break;
            }
            match validator.check(&finding, rules) {
                Ok(()) => self.answer.findings.push(finding),
                Err(why) => {
                    let rule = rules.contains(&finding.rule).then_some(finding.rule);
                    // One notice a rule: a loop that counts wrong counts wrong often.
                    if invalid.iter().all(|failure| failure.rule != rule) {
                        invalid.push(Failure {
                            rule,
                            kind: FailureKind::Invalid,
                            message: format!("made a finding that is dropped: {why}"),
                        });
                    }
                }
            }
        }
        self.answer.failures.append(&mut invalid);
        over.map_or(Ok(()), Err)
    }

    fn give_up(&mut self, rules: &[u32], why: &str) {
        let message = format!("did not judge with {} rules: {why}", rules.len());
        self.answer.failures.push(Failure::new(FailureKind::NotJudged, message));
    }

    fn hear(&mut self, instance: &mut Instance) {
        let room = limits::NOTES.saturating_sub(self.answer.notes.len());
        self.answer.notes.extend(instance.store.data_mut().take_notes().into_iter().take(room));
    }

    fn left(&self) -> Option<Duration> {
        self.ends.map(|ends| ends.saturating_duration_since(Instant::now()))
    }
}

/// A plugin's words, cut to what a message can hold.
fn short(words: &str) -> &str {
    &words[..words.floor_char_boundary(limits::NOTE_BYTES)]
}
