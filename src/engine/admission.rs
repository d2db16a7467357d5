//! Admission's view: one object at a time, as JSON, under the operator's settings.
//!
//! Relations cannot be told, there are no comments, and settings that depend on paths are out of play. The webhook judges requests with
//! this, and `plimsoll check --as-admission` judges files with it, so both say the same.

use crate::catalogue::Catalogue;
use crate::project::{self, Setup};
use crate::resolve::{Fixes, Judged, Resolver, merge};
use crate::run::{Engine, Request};
use plimsoll_document::Document;
use plimsoll_finding::{Finding, Notice, RuleMeta, Severity, State};
use plimsoll_host::{FailureKind, Unit};
use plimsoll_source::{Project, Roots, Scope};
use plimsoll_verdict::Evaluator;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// What an object without a file is called.
const PATH: &str = "";

/// The operator's settings, ready to judge objects with. Shared by every thread.
pub struct Admission {
    catalogue: Arc<Catalogue>,
    evaluator: Arc<Evaluator>,
    plugins: Vec<Rules>,
    trusted: Vec<String>,
    annotations: bool,
    notices: Vec<Notice>,
}

/// The rules of one plugin that are in force for Kubernetes objects.
struct Rules {
    plugin: usize,
    /// Ascending.
    numbers: Vec<u32>,
    /// By position in `numbers`: the rule's index in the catalogue, and its severity.
    known: Vec<(usize, Severity)>,
}

/// What was found in one object.
#[derive(Debug, Clone, Default)]
pub struct Reviewed {
    /// Findings that count, in order of rule and address.
    pub findings: Vec<Finding>,
    /// Findings that are waived.
    pub waived: Vec<Finding>,
    /// Rules that gave no answer. Not empty: the verdict is incomplete.
    pub unjudged: Vec<Unjudged>,
}

/// Rules that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudged {
    /// Their ids.
    pub rules: Vec<Arc<str>>,
    /// The plugin that holds them.
    pub plugin: String,
    /// Why.
    pub message: String,
}

/// An object that cannot be judged at all: not JSON, or too large.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// A judged object, with what its fixes are made of.
pub(crate) struct Object {
    pub(crate) document: Document,
    pub(crate) judged: Vec<Judged>,
    /// Findings about waivers.
    extra: Vec<Finding>,
    unjudged: Vec<Unjudged>,
}

impl Admission {
    /// Reads the settings that a request names and loads their rules. What is wrong with them is the error.
    ///
    /// # Errors
    /// The problems, each with its place.
    pub fn new(engine: &Engine, request: &Request<'_>) -> Result<Self, Vec<String>> {
        let root = Roots::new(request.lookup.clone()).of(request.cwd, request.cwd);
        let project = Project { scope: Scope::default(), root, files: vec![] };
        let setup = project::setup(engine, &project, &Request { alone: true, ..request.clone() }, &OnceLock::new())
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        Ok(Self::of(&setup, &request.trust))
    }

    pub(crate) fn of(setup: &Setup, trusted: &[String]) -> Self {
        let catalogue = setup.catalogue.clone();
        let severities = setup.evaluator.in_force(PATH);
        let plugins = (0..catalogue.plugins.len()).filter_map(|plugin| {
            let mut rules: Vec<(u32, (usize, Severity))> = (catalogue.rules().iter().enumerate())
                .filter(|(index, rule)| rule.target == "kubernetes" && catalogue.places[*index].plugin == plugin)
                .filter_map(|(index, _)| Some((catalogue.places[index].number, (index, severities[index]?))))
                .collect();
            rules.sort_by_key(|(number, _)| *number);
            let (numbers, rules): (Vec<u32>, Vec<_>) = rules.into_iter().unzip();
            (!numbers.is_empty()).then_some(Rules { plugin, numbers, known: rules })
        });
        Self {
            plugins: plugins.collect(),
            trusted: trusted.to_vec(),
            annotations: setup.annotation_waivers,
            notices: setup.notices.clone(),
            evaluator: setup.evaluator.clone(),
            catalogue,
        }
    }

    /// The rules in force, ours about waivers included.
    pub fn rules(&self) -> impl Iterator<Item = &RuleMeta> {
        self.plugins.iter().flat_map(|plugin| &plugin.known).map(|(rule, _)| &self.catalogue.rules()[*rule])
    }

    /// Every rule that selectors may name, in force or not.
    pub fn known(&self) -> &plimsoll_verdict::Catalogue {
        self.evaluator.catalogue()
    }

    /// The id of a rule that [`Admission::known`] gives by number.
    pub fn id_of(&self, rule: usize) -> Option<&str> {
        self.catalogue.rules().get(rule).map(|rule| &*rule.id)
    }

    /// Warnings about the settings.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Plugins of third parties: name and version.
    pub fn third_parties(&self) -> impl Iterator<Item = (&str, &str)> {
        self.catalogue.third_parties().map(|(name, version, _)| (name, version))
    }

    /// Judges one object. Blocks for as long as that takes, until the deadline at most; what was not judged by then is in
    /// [`Reviewed::unjudged`].
    ///
    /// # Errors
    /// When the text is no JSON object, or larger than can be judged.
    pub fn review(&self, object: &str, deadline: Option<Instant>) -> Result<Reviewed, Unreadable> {
        Ok(self.judge(object, deadline, Fixes::None)?.reviewed())
    }

    pub(crate) fn judge(&self, object: &str, deadline: Option<Instant>, fixes: Fixes) -> Result<Object, Unreadable> {
        let input = plimsoll_kubernetes::Input { path: PATH, text: object, keys: &self.catalogue.keys };
        let document = plimsoll_kubernetes::parse_object(&input).map_err(|problem| Unreadable(problem.message))?;
        let unit = [&document];
        let no_text = |_: &str| None;
        let mut resolver = Resolver::new(&unit, &no_text).with_fixes(fixes);
        let mut all = vec![];
        let mut unjudged = vec![];
        for (asked, own) in self.plugins.iter().enumerate() {
            let plugin = &self.catalogue.plugins[own.plugin];
            let name = plugin.manifest().name.as_ref();
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                unjudged.push(self.not_judged(own, None, "the request's time was over before it was asked"));
                continue;
            }
            // One that takes all it may leaves the others theirs.
            let share = left.map_or(DEADLINE, |left| left / (self.plugins.len() - asked) as u32);
            let checked = self.catalogue.host.check(plugin, &Unit::alone(&unit), &own.numbers, Some(share));
            let trusted = plugin.is_builtin() || self.trusted.iter().any(|trusted| trusted == name);
            resolver.know(&checked.findings);
            for raw in &checked.findings {
                let Ok(at) = own.numbers.binary_search(&raw.rule) else { continue };
                let (rule, severity) = own.known[at];
                all.extend(resolver.resolve(raw, self.catalogue.id(rule), &|_| Some(severity), trusted, 0));
            }
            for failure in &checked.failures {
                let what = if failure.kind == FailureKind::Invalid { "returned a finding that cannot be" } else { "failed" };
                unjudged.push(self.not_judged(own, failure.rule, &format!("{what}: {}", failure.message)));
            }
            // A condition that cannot be evaluated says so in a note that begins with the rule's id.
            // Of a third party's plugin that failed they are its last words, which the failure holds.
            let silent = !plugin.is_builtin() && !checked.failures.is_empty();
            for note in checked.notes.iter().filter(|note| note.level == 0 && !silent) {
                let said = note.text.split([' ', ':']).next().unwrap_or_default();
                let number = own.known.iter().position(|(rule, _)| **self.catalogue.id(*rule) == *said).map(|at| own.numbers[at]);
                unjudged.push(self.not_judged(own, number, &note.text));
            }
        }
        let mut judged = merge(all);
        judged.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
        let objects: Vec<_> = if self.annotations { project::annotations(&document, &mut None).into_iter().collect() } else { vec![] };
        let mut findings: Vec<&mut Finding> = judged.iter_mut().map(|one| &mut one.finding).collect();
        let extra = self.evaluator.evaluate(&mut findings, &[], &objects).extra;
        Ok(Object { document, judged, extra, unjudged })
    }

    /// The object as plugins see it, for places in it.
    pub(crate) fn document(&self, object: &str) -> Option<Document> {
        plimsoll_kubernetes::parse_object(&plimsoll_kubernetes::Input { path: PATH, text: object, keys: &self.catalogue.keys }).ok()
    }

    fn not_judged(&self, own: &Rules, number: Option<u32>, message: &str) -> Unjudged {
        let one = number.and_then(|number| own.numbers.binary_search(&number).ok());
        let rules = match one {
            Some(at) => vec![self.catalogue.id(own.known[at].0).clone()],
            None => own.known.iter().map(|(rule, _)| self.catalogue.id(*rule).clone()).collect(),
        };
        Unjudged { rules, plugin: self.catalogue.plugins[own.plugin].manifest().name.to_string(), message: message.to_owned() }
    }
}

/// Wall time that one plugin may take where the caller sets none, as for files.
const DEADLINE: Duration = Duration::from_secs(10);

impl Object {
    pub(crate) fn unjudged(&self) -> &[Unjudged] {
        &self.unjudged
    }

    pub(crate) fn reviewed(self) -> Reviewed {
        let all = self.judged.into_iter().map(|one| one.finding).chain(self.extra);
        let (findings, waived) = all.partition(|finding| finding.state == State::Active);
        Reviewed { findings, waived, unjudged: self.unjudged }
    }
}

/// An API server writes an object's keys in another order than its author, so places say nothing about the order of findings.
fn order(finding: &Finding) -> (&str, &str, &str) {
    (&finding.rule, &finding.address, &finding.message)
}

impl std::fmt::Debug for Admission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admission").field("rules", &self.rules().count()).finish_non_exhaustive()
    }
}
