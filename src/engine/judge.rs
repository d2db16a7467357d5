//! One job through the plugins.

use crate::apply::State;
use crate::catalogue::Catalogue;
use crate::load::{DockerSettings, Job, Loaded, load};
use crate::resolve::{Judged, Resolver, merge};
use crate::{lines, relation};
use plimsoll_document::Document;
use plimsoll_finding::{Location, Notice, NoticeKind, Severity};
use plimsoll_formats::{Comment, Files};
use plimsoll_host::{Failure, FailureKind, Unit};
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
    let enabled: Vec<(usize, Severity)> = bench
        .catalogue
        .rules()
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.target == job.target())
        .filter_map(|(index, _)| Some((index, (bench.severity)(index, rule_path(job, path))?)))
        .collect();
    let wanted: BTreeSet<&str> = enabled.iter().flat_map(|(rule, _)| bench.catalogue.relations(*rule)).collect();
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
                let own: Vec<(usize, Severity, u32)> = enabled
                    .iter()
                    .filter(|(rule, _)| bench.catalogue.places[*rule].plugin == plugin_index)
                    .map(|(rule, severity)| (*rule, *severity, bench.catalogue.places[*rule].number))
                    .collect();
                if own.is_empty() {
                    continue;
                }
                let numbers: Vec<u32> = own.iter().map(|(.., number)| *number).collect();
                let checked = bench.catalogue.host.check(plugin, &call, &numbers, Some(DEADLINE));
                let name = plugin.manifest().name.as_ref();
                let trusted = plugin.is_builtin() || bench.trusted.iter().any(|trusted| trusted == name);
                for raw in &checked.findings {
                    let Some((rule, severity, _)) = own.iter().find(|(.., number)| *number == raw.rule) else { continue };
                    all.extend(resolver.resolve(raw, bench.catalogue.id(*rule), *severity, trusted, unit));
                }
                let rule_id = |number: u32| own.iter().find(|(.., own)| *own == number).map(|(rule, ..)| bench.catalogue.id(*rule).clone());
                notices.extend(checked.failures.iter().map(|failure| failed(failure, name, failure.rule.and_then(rule_id), path)));
                notices.extend(checked.notes.iter().filter(|_| !plugin.is_builtin()).map(|note| Notice {
                    kind: NoticeKind::Plugin,
                    at: None,
                    message: format!("plugin `{name}` says: {}", note.text),
                    incomplete: false,
                }));
            }
        }
        units.push(documents);
    }
    let mut judged_findings = merge(all);
    judged_findings.sort_by(|a, b| order(a).cmp(&order(b)));
    JudgedJob { state: State { units, judged: judged_findings, notices }, comments, judged }
}

/// Per-path settings of a module use its directory's first file, of everything else the file.
fn rule_path<'p>(job: &'p Job, path: &'p str) -> &'p str {
    match job {
        Job::Terraform(_, files) => files.first().map_or(path, String::as_str),
        _ => path,
    }
}

fn order(one: &Judged) -> (&Location, &str, &str) {
    (&one.finding.at, &one.finding.rule, &one.finding.message)
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
