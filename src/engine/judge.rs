//! One job through the plugins.

use crate::apply::State;
use crate::catalogue::Catalogue;
use crate::load::{DockerSettings, Job, Loaded, load};
use crate::resolve::{Judged, Resolver, merge};
use crate::{lines, relation};
use plimsoll_document::Document;
use plimsoll_finding::{Location, Notice, NoticeKind, Severity};
use plimsoll_formats::{Comment, Files};
use plimsoll_host::{Failure, FailureKind, Note, Unit};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Wall time that one plugin may take over one unit.
const DEADLINE: Duration = Duration::from_secs(10);

/// What a judge needs to know of its project.
pub(crate) struct Bench<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) docker: &'a dyn Fn(&str) -> DockerSettings,
    /// The severity in force of a rule (by number) for a path, or `None` where it is off.
    pub(crate) severity: &'a (dyn Fn(usize, &str) -> Option<Severity> + Sync),
    /// Plugins whose fixes may be applied although a third party wrote them.
    pub(crate) trusted: &'a [String],
    /// Admission's view: each object alone.
    pub(crate) alone: bool,
}

/// A judged job with what waivers are made of.
pub(crate) struct JudgedJob {
    pub(crate) state: State,
    /// Comments with the path they are in.
    pub(crate) comments: Vec<(String, Comment)>,
    /// Number of units.
    pub(crate) judged: usize,
}

/// Loads and judges a job. Findings are in order of place, then rule.
pub(crate) fn judge(bench: &Bench<'_>, job: &Job, files: &dyn Files) -> JudgedJob {
    let docker = (bench.docker)(job.path());
    let Loaded { documents, comments, mut notices } = load(job, &bench.catalogue.keys, files, &docker);
    let path = job.path();
    // A rule runs if it is on for any file of the job; which of its findings stay is then decided by the file each is in.
    let paths: BTreeSet<&str> = documents.iter().flat_map(|document| &document.sources).map(|source| source.uri.as_str()).collect();
    let enabled: Vec<usize> = bench
        .catalogue
        .rules()
        .iter()
        .enumerate()
        .filter(|(index, rule)| rule.target == job.target() && paths.iter().any(|path| (bench.severity)(*index, path).is_some()))
        .map(|(index, _)| index)
        .collect();
    let wanted: BTreeSet<&str> = enabled.iter().flat_map(|rule| bench.catalogue.relations(*rule)).collect();
    let wanted: Vec<&str> = wanted.into_iter().collect();
    let judged = documents.len();
    let mut all = vec![];
    let mut units = vec![];
    for (unit, document) in documents.into_iter().enumerate() {
        let related = relation::resolve(&document, &wanted, &bench.catalogue.keys, files, bench.alone);
        let mut documents = vec![document];
        documents.extend(related.documents);
        {
            let unit_documents: Vec<&Document> = documents.iter().collect();
            let read = |path: &str| files.read(path).ok().and_then(|bytes| std::str::from_utf8(&bytes).ok().map(Arc::from));
            let mut resolver = Resolver::new(&unit_documents, &read);
            let call = Unit { documents: &unit_documents, edges: related.edges.words() };
            for (plugin_index, plugin) in bench.catalogue.plugins.iter().enumerate() {
                let of_plugin = |rule: &&usize| bench.catalogue.places[**rule].plugin == plugin_index;
                let own: Vec<(usize, u32)> =
                    enabled.iter().filter(of_plugin).map(|rule| (*rule, bench.catalogue.places[*rule].number)).collect();
                if own.is_empty() {
                    continue;
                }
                let numbers: Vec<u32> = own.iter().map(|(_, number)| *number).collect();
                let checked = bench.catalogue.host.check(plugin, &call, &numbers, Some(DEADLINE));
                let name = plugin.manifest().name.as_ref();
                let trusted = plugin.is_builtin() || bench.trusted.iter().any(|trusted| trusted == name);
                for raw in &checked.findings {
                    let Some((rule, _)) = own.iter().find(|(_, number)| *number == raw.rule) else { continue };
                    let severity = |path: &str| (bench.severity)(*rule, path);
                    all.extend(resolver.resolve(raw, bench.catalogue.id(*rule), &severity, trusted, unit));
                }
                let rule_id = |number: u32| own.iter().find(|(_, own)| *own == number).map(|(rule, _)| bench.catalogue.id(*rule).clone());
                notices.extend(checked.failures.iter().map(|failure| failed(failure, name, failure.rule.and_then(rule_id), path)));
                notices.extend(checked.notes.iter().filter_map(|note| said(note, name, plugin.is_builtin(), path)));
            }
        }
        units.push(documents);
    }
    let mut judged_findings = merge(all);
    judged_findings.sort_by(|a, b| order(a).cmp(&order(b)));
    JudgedJob { state: State { units, judged: judged_findings, notices }, comments, judged }
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
