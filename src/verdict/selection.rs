//! Which rules run on a file, and how severe they are there.

use crate::selector::{Catalogue, Selected};
use plimsoll_config::{Config, Layer, Origin, Problem, Sourced};
use plimsoll_finding::Severity;
use plimsoll_source::PathGlobs;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What a layer says of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Say {
    on: bool,
    weight: u32,
}

/// One layer's selectors, resolved.
#[derive(Debug, Default)]
struct Step {
    /// Whether it replaces what lower layers select.
    replaces: bool,
    select: Vec<Selected>,
    ignore: Vec<Selected>,
    severity: Vec<(Selected, Severity)>,
    /// Where each of `ignore` and of `severity` is written.
    ignored_at: Vec<Origin>,
    severity_at: Vec<Origin>,
    /// Only for these paths.
    paths: Option<PathGlobs>,
    /// 0 for files, 1 for settings of some paths, 2 for the command line: who decides a severity.
    class: u8,
}

/// Per rule: the severity in force, or `None` where it is off.
pub type InForce = Arc<[Option<Severity>]>;

/// Settings resolved against the rules of a run.
#[derive(Debug)]
pub(crate) struct Selection {
    steps: Vec<Step>,
    defaults: Vec<Severity>,
    /// Per rule, where an organisation locks it: whether it stays on, the severity it keeps.
    locked: Vec<(bool, Option<Severity>)>,
    /// Where no setting depends on the path, one answer for all.
    everywhere: OnceLock<InForce>,
    /// By which overrides apply: paths that the same overrides name share one answer.
    known: Mutex<HashMap<Vec<usize>, InForce>>,
}

impl Selection {
    pub(crate) fn new(catalogue: &Catalogue, defaults: Vec<Severity>, config: &Config, problems: &mut Vec<Problem>) -> Self {
        let mut resolve = Resolve { catalogue, problems };
        let recommended = Step { select: resolve.all(&[Sourced::new("profile:recommended".into(), Origin::Default)]), ..Step::default() };
        let mut steps = vec![recommended];
        let (above, below): (Vec<&Layer>, Vec<&Layer>) = config.layers.iter().partition(|layer| layer.origin == Origin::CommandLine);
        steps.extend(below.iter().map(|layer| resolve.layer(layer)));
        for entry in config.overrides() {
            let globs: Vec<String> = entry.paths.iter().map(|glob| glob.value.clone()).collect();
            match PathGlobs::new(&globs) {
                Ok(paths) => steps.push(Step {
                    replaces: false,
                    select: resolve.all(&entry.select),
                    ignore: resolve.ignored(&entry.ignore),
                    severity: resolve.severities(&entry.severity),
                    ignored_at: resolve.places(entry.ignore.iter()),
                    severity_at: resolve.places(entry.severity.iter().map(|(selector, _)| selector)),
                    paths: Some(paths),
                    class: 1,
                }),
                Err(error) => resolve.problems.push(Problem::error(&entry.origin, error.to_string())),
            }
        }
        steps.extend(above.iter().map(|layer| Step { class: 2, ..resolve.layer(layer) }));
        let locked = lock(catalogue, config, &steps, problems);
        Self { steps, defaults, locked, everywhere: OnceLock::new(), known: Mutex::default() }
    }

    /// What is in force for a path, relative to the project root.
    pub(crate) fn of(&self, path: &str) -> InForce {
        if self.steps.iter().all(|step| step.paths.is_none()) {
            return self.everywhere.get_or_init(|| self.decide(&(0..self.steps.len()).collect::<Vec<_>>())).clone();
        }
        let applies = |step: &Step| step.paths.as_ref().is_none_or(|paths| paths.matches(path));
        let steps: Vec<usize> = (0..self.steps.len()).filter(|index| applies(&self.steps[*index])).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(steps).or_insert_with_key(|steps| self.decide(steps)).clone()
    }

    fn decide(&self, steps: &[usize]) -> InForce {
        let mut says: Vec<Option<Say>> = vec![None; self.defaults.len()];
        let mut severities: Vec<(Severity, (u8, u32, usize))> = self.defaults.iter().map(|severity| (*severity, (0, 0, 0))).collect();
        for &index in steps {
            let step = &self.steps[index];
            if step.replaces {
                for say in &mut says {
                    *say = say.filter(|say| !say.on);
                }
            }
            let mut here: Vec<Option<Say>> = vec![None; self.defaults.len()];
            for (on, selected) in step.select.iter().map(|one| (true, one)).chain(step.ignore.iter().map(|one| (false, one))) {
                for &rule in &selected.rules {
                    let beats = here[rule].is_none_or(|say| selected.weight > say.weight || (selected.weight == say.weight && !on));
                    if beats {
                        here[rule] = Some(Say { on, weight: selected.weight });
                    }
                }
            }
            for (say, here) in says.iter_mut().zip(here) {
                *say = over(*say, here);
            }
            // Settings for some paths beat those for all, the command line beats both; among equals the more specific.
            for (selected, severity) in &step.severity {
                for &rule in &selected.rules {
                    let rank = (step.class, selected.weight + 1, index);
                    if rank >= severities[rule].1 {
                        severities[rule] = (*severity, rank);
                    }
                }
            }
        }
        let decided = says.iter().zip(severities).map(|(say, (severity, _))| (say.is_some_and(|say| say.on), severity));
        let kept = decided.zip(&self.locked).map(|((on, severity), (held, fixed))| (on || *held).then_some(fixed.unwrap_or(severity)));
        kept.collect()
    }
}

/// What an organisation locks. What settings tried against it is told, once for each place.
fn lock(catalogue: &Catalogue, config: &Config, steps: &[Step], problems: &mut Vec<Problem>) -> Vec<(bool, Option<Severity>)> {
    let Some(lock) = &config.lock else { return vec![(false, None); catalogue.len()] };
    let locked: Vec<(bool, Option<Severity>)> = catalogue.ids().map(|id| (lock.holds(id), lock.severity(id))).collect();
    let own = |origin: &Origin| !matches!((origin, &lock.origin), (Origin::File { path, .. }, Origin::File { path: theirs, .. }) if path == theirs);
    for (selected, origin) in steps.iter().flat_map(|step| step.ignore.iter().zip(&step.ignored_at)) {
        if own(origin) && selected.rules.iter().any(|rule| locked[*rule].0) {
            problems.push(Problem::warning(origin, "this `ignore` does not reach the rules that the organisation's configuration locks"));
        }
    }
    for ((selected, severity), origin) in steps.iter().flat_map(|step| step.severity.iter().zip(&step.severity_at)) {
        if own(origin) && selected.rules.iter().any(|rule| locked[*rule].1.is_some_and(|fixed| fixed != *severity)) {
            problems.push(Problem::warning(
                origin,
                "this severity does not reach the rules whose severity the organisation's configuration locks",
            ));
        }
    }
    locked
}

/// A higher layer over a lower: its ignore ends the matter; its select yields only to a lower ignore that is more specific, so that
/// `--select ALL` does not undo what a project switched off by name.
fn over(lower: Option<Say>, higher: Option<Say>) -> Option<Say> {
    match (lower, higher) {
        (lower, None) => lower,
        (Some(lower), Some(higher)) if higher.on && !lower.on && lower.weight > higher.weight => Some(lower),
        (_, higher) => higher,
    }
}

struct Resolve<'a> {
    catalogue: &'a Catalogue,
    problems: &'a mut Vec<Problem>,
}

impl Resolve<'_> {
    fn layer(&mut self, layer: &Layer) -> Step {
        let mut select = layer.select.as_deref().map(|items| self.all(items)).unwrap_or_default();
        select.extend(self.all(&layer.extend_select));
        Step {
            replaces: layer.select.is_some(),
            select,
            ignore: self.ignored(&layer.ignore),
            severity: self.severities(&layer.severity),
            ignored_at: self.places(layer.ignore.iter()),
            severity_at: self.places(layer.severity.iter().map(|(selector, _)| selector)),
            paths: None,
            class: 0,
        }
    }

    fn all(&mut self, selectors: &[Sourced<String>]) -> Vec<Selected> {
        selectors.iter().filter_map(|selector| self.one(selector, true)).collect()
    }

    /// Without what it ignores a run is stricter, never looser.
    fn ignored(&mut self, selectors: &[Sourced<String>]) -> Vec<Selected> {
        selectors.iter().filter_map(|selector| self.one(selector, false)).collect()
    }

    /// The places of those selectors that name something.
    fn places<'s>(&self, selectors: impl Iterator<Item = &'s Sourced<String>>) -> Vec<Origin> {
        selectors.filter(|selector| self.catalogue.select(&selector.value).is_some()).map(|selector| selector.origin.clone()).collect()
    }

    fn severities(&mut self, settings: &[(Sourced<String>, Severity)]) -> Vec<(Selected, Severity)> {
        settings.iter().filter_map(|(selector, severity)| Some((self.one(selector, false)?, *severity))).collect()
    }

    /// A gate whose rules are misspelt lets everything pass: what is selected must be there. So must all that a command line names.
    fn one(&mut self, selector: &Sourced<String>, selects: bool) -> Option<Selected> {
        let selected = self.catalogue.select(&selector.value);
        if selected.is_none() && selector.origin != Origin::Default {
            let told = if selects || selector.origin == Origin::CommandLine { Problem::error } else { Problem::warning };
            self.problems.push(told(&selector.origin, unknown(self.catalogue, &selector.value)));
        }
        selected
    }
}

/// The words for a selector that names nothing.
pub(crate) fn unknown(catalogue: &Catalogue, selector: &str) -> String {
    let hint = catalogue.near(selector).map(|name| format!(", did you mean `{name}`?")).unwrap_or_default();
    format!("no rule is named by `{selector}`{hint}")
}
