//! One job through the plugins.

use crate::apply::State;
use crate::catalogue::Catalogue;
use crate::enabled::OfPlugin;
use crate::load::{DockerSettings, Job, Loaded, load};
use crate::manifests::{Manifests, Selected};
use crate::memo::{Memo, Recall};
use crate::pods::{FilePods, Selector};
use crate::relation::{WORKLOADS, Workloads};
use crate::resolve::{Judged, Resolver, merge};
use crate::{lines, relation};
use plimsoll_document::Document;
use plimsoll_finding::{Location, Notice, NoticeKind};
use plimsoll_formats::{Comment, Files};
use plimsoll_host::{Failure, FailureKind, Note, Unit};
use plimsoll_verdict::InForce;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Wall time that one plugin may take over one unit.
const DEADLINE: Duration = Duration::from_secs(10);

/// How long third parties' plugins are waited for.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    /// Wall time for one unit.
    pub(crate) deadline: Duration,
    /// Whether a plugin that was late once is asked again about the job's other units.
    pub(crate) again: bool,
    /// Plugins that are not asked at all, because they were late too often.
    pub(crate) paused: BTreeSet<String>,
}

impl Default for Patience {
    fn default() -> Self {
        Self { deadline: DEADLINE, again: true, paused: BTreeSet::new() }
    }
}

/// What a judge needs to know of its project.
pub(crate) struct Bench<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) docker: &'a dyn Fn(&str) -> DockerSettings,
    /// Per rule the severity in force for a path, or `None` where it is off.
    pub(crate) in_force: &'a (dyn Fn(&str) -> InForce + Sync),
    /// Plugins whose fixes may be applied although a third party wrote them.
    pub(crate) trusted: &'a [String],
    /// Admission's view: each object alone.
    pub(crate) alone: bool,
    /// How long third parties' plugins are waited for.
    pub(crate) patience: &'a Patience,
    /// Where a Service's workloads are looked for; nowhere if nothing else can be seen.
    pub(crate) manifests: Option<&'a Manifests<'a>>,
    /// What is known of the same file's objects from before an edit.
    pub(crate) memo: Option<&'a Memo>,
}

/// A judged job with what waivers are made of.
pub(crate) struct JudgedJob {
    pub(crate) state: State,
    /// Comments with the path they are in.
    pub(crate) comments: Vec<(String, Comment)>,
    /// Number of units.
    pub(crate) judged: usize,
    /// Third parties' plugins that were still working at their deadline.
    pub(crate) late: BTreeSet<String>,
    /// Third parties' plugins that failed in any way.
    pub(crate) failed: BTreeSet<String>,
    /// The pods that the job's objects make.
    pub(crate) pods: FilePods,
    /// What the job's Services select, if any rule asks.
    pub(crate) selected: Vec<(Selector, Selected)>,
}

/// Loads and judges a job. Findings are in order of place, then rule.
pub(crate) fn judge(bench: &Bench<'_>, job: &Job, files: &dyn Files) -> JudgedJob {
    let docker = (bench.docker)(job.path());
    let Loaded { documents, parts, comments, mut notices } = load(job, &bench.catalogue.keys, files, &docker);
    let path = job.path();
    // A rule runs if it is on for any file of the job; which of its findings stay is then decided by the file each is in.
    let paths: BTreeSet<&str> = documents.iter().flat_map(|document| &document.sources).map(|source| source.uri.as_str()).collect();
    let (paths, in_force): (Vec<String>, Vec<InForce>) = paths.iter().map(|path| ((*path).to_owned(), (bench.in_force)(path))).unzip();
    let enabled = bench.catalogue.enabled(job.target(), &in_force);
    let wanted: Vec<&str> = enabled.relations.iter().map(String::as_str).collect();
    let mut workloads = Workloads::default();
    if matches!(job, Job::Kubernetes(_)) && !bench.alone {
        workloads = Workloads::of(path, &documents, !notices.is_empty(), files);
        if wanted.contains(&WORKLOADS) {
            workloads.find(path, &documents, &bench.catalogue.keys, files, bench.manifests);
        }
    }
    let judged = documents.len();
    // A third party's plugin sees where in the file a thing stands.
    let memo = bench.memo.filter(|_| enabled.plugins.iter().all(|of| bench.catalogue.plugins[of.plugin].is_builtin()));
    let mut recall = memo.and_then(|memo| memo.recall(documents.first()?.source_text(0), parts));
    let (mut all, known) = recall.as_mut().map(Recall::known).unwrap_or_default();
    // Units of which something else than their own text decided what was found.
    let mut entangled: BTreeSet<usize> = workloads.related.keys().copied().collect();
    let mut units = vec![];
    let (mut late, mut troubled): (BTreeSet<String>, BTreeSet<String>) = (BTreeSet::new(), BTreeSet::new());
    let mut unasked: BTreeSet<&str> = BTreeSet::new();
    for (unit, document) in documents.into_iter().enumerate() {
        if known.contains(&unit) {
            units.push(vec![document]);
            continue;
        }
        let related = workloads
            .related
            .remove(&unit)
            .unwrap_or_else(|| relation::resolve(&document, &wanted, &bench.catalogue.keys, files, bench.alone));
        let mut documents = vec![document];
        documents.extend(related.documents);
        {
            let unit_documents: Vec<&Document> = documents.iter().collect();
            let read = |path: &str| files.read(path).ok().and_then(|bytes| std::str::from_utf8(&bytes).ok().map(Arc::from));
            let mut resolver: Option<Resolver<'_>> = None;
            let call = Unit { documents: &unit_documents, edges: related.edges.words() };
            for OfPlugin { plugin, rules, numbers } in &enabled.plugins {
                let plugin = &bench.catalogue.plugins[*plugin];
                let name = plugin.manifest().name.as_ref();
                if bench.patience.paused.contains(name) || (late.contains(name) && !bench.patience.again) {
                    unasked.insert(name);
                    continue;
                }
                let deadline = if plugin.is_builtin() { DEADLINE } else { bench.patience.deadline };
                let checked = bench.catalogue.host.check(plugin, &call, numbers, Some(deadline));
                if !plugin.is_builtin() && checked.failures.iter().any(|failure| failure.kind == FailureKind::Deadline) {
                    late.insert(name.to_owned());
                }
                if !plugin.is_builtin() && !checked.failures.is_empty() {
                    troubled.insert(name.to_owned());
                }
                let trusted = plugin.is_builtin() || bench.trusted.iter().any(|trusted| trusted == name);
                let rule_of = |number: u32| numbers.binary_search(&number).ok().map(|at| rules[at]);
                if !checked.findings.is_empty() {
                    let resolver = resolver.get_or_insert_with(|| Resolver::new(&unit_documents, &read));
                    resolver.know(&checked.findings);
                    for raw in &checked.findings {
                        let Some(rule) = rule_of(raw.rule) else { continue };
                        let severity = |path: &str| match paths.iter().position(|known| known == path) {
                            Some(at) => in_force[at][rule],
                            None => (bench.in_force)(path)[rule],
                        };
                        all.extend(resolver.resolve(raw, bench.catalogue.id(rule), &severity, trusted, unit));
                    }
                }
                if !checked.failures.is_empty() || !checked.notes.is_empty() {
                    entangled.insert(unit);
                }
                let rule_id = |number: u32| rule_of(number).map(|rule| bench.catalogue.id(rule).clone());
                notices.extend(checked.failures.iter().map(|failure| failed(failure, name, failure.rule.and_then(rule_id), path)));
                notices.extend(checked.notes.iter().filter_map(|note| said(note, name, plugin.is_builtin(), path)));
            }
        }
        units.push(documents);
    }
    if let Some(recall) = recall {
        recall.keep(&all, |unit| entangled.contains(&unit));
    }
    notices.extend(unasked.into_iter().map(|name| not_asked(name, path)));
    let mut judged_findings = merge(all);
    judged_findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let Workloads { pods, asked: selected, .. } = workloads;
    JudgedJob { state: State { units, judged: judged_findings, notices }, comments, judged, late, failed: troubled, pods, selected }
}

fn order(one: &Judged) -> (&Location, &str, &str) {
    (&one.finding.at, &one.finding.rule, &one.finding.message)
}

/// What a plugin said. A condition that cannot be evaluated says so as an error: the unit is incomplete then, never clean.
fn said(note: &Note, plugin: &str, builtin: bool, path: &str) -> Option<Notice> {
    let error = note.level == 0;
    if builtin && !error {
        return None;
    }
    let message = if builtin { format!("rule {}", note.text) } else { format!("plugin `{plugin}` says: {}", note.text) };
    Some(Notice { kind: NoticeKind::Plugin, at: Some(lines::start_of(path)), message, incomplete: error })
}

fn not_asked(plugin: &str, path: &str) -> Notice {
    let message = format!("plugin `{plugin}` was not asked, because it was still working at the deadline before");
    Notice { kind: NoticeKind::Limit, at: Some(lines::start_of(path)), message, incomplete: true }
}

fn failed(failure: &Failure, plugin: &str, rule: Option<Arc<str>>, path: &str) -> Notice {
    let who = rule.map_or_else(|| format!("plugin `{plugin}`"), |rule| format!("rule {rule} of plugin `{plugin}`"));
    let kind = if failure.kind.is_limit() { NoticeKind::Limit } else { NoticeKind::Plugin };
    let at = Some(lines::start_of(path));
    let what = match failure.kind {
        FailureKind::Invalid => "returned a finding that cannot be",
        FailureKind::NotJudged => "was not asked",
        _ => "failed",
    };
    Notice { kind, at, message: format!("{who} {what}: {}", failure.message), incomplete: true }
}
