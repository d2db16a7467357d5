//! One job: judged, waived and fixed, or taken from the cache.

use crate::apply::{self, State};
use crate::judge::{Bench, JudgedJob, Patience, judge};
use crate::lines;
use crate::load::{DockerSettings, Job};
use crate::manifests::{Manifests, Selected};
use crate::memo::Memo;
use crate::pods::{FilePods, Selector};
use crate::project::Setup;
use crate::run::Request;
use crate::secret::Secrets;
use crate::stored::Stored;
use plimsoll_finding::{Finding, Fix, Location, Notice, NoticeKind};
use plimsoll_formats::Files;
use plimsoll_verdict::{Listed, Verdict};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A job after judging, waiving and fixing.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) findings: Vec<Finding>,
    /// The texts that findings are about, if they are to be kept.
    pub(crate) texts: Vec<(Arc<str>, Arc<str>)>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) judged: usize,
    /// Central waivers that were used, for [`Setup::close`].
    pub(crate) used: Vec<usize>,
    pub(crate) waivers: Vec<Listed>,
    /// Third parties' plugins that were still working at their deadline.
    pub(crate) late: BTreeSet<String>,
    /// Third parties' plugins that failed in any way.
    pub(crate) failed: BTreeSet<String>,
    /// The pods that the job's objects make.
    pub(crate) pods: FilePods,
    /// What the job's Services select, if any rule asks.
    pub(crate) selected: Vec<(Selector, Selected)>,
    pub(crate) changed: BTreeMap<String, Arc<str>>,
    /// Values that a diff of the changes must not show.
    pub(crate) secrets: Vec<String>,
    pub(crate) fixed: usize,
}

/// Runs a job so that a fault of ours in it is told and everything else goes on.
pub(crate) fn contained(path: &str, run: impl FnOnce() -> Done) -> Done {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Done { notices: vec![fault(path)], ..Done::default() })
}

/// What is said of a job that could not be judged for a fault of ours.
pub(crate) fn fault(path: &str) -> Notice {
    let message = "internal error: this could not be judged; please report it".to_owned();
    Notice { kind: NoticeKind::Plugin, at: Some(lines::start_of(path)), message, incomplete: true }
}

/// How a job is run.
pub(crate) struct Manner<'a> {
    pub(crate) patience: Cow<'a, Patience>,
    /// Which of the fixes that the request asks for may be applied.
    pub(crate) may: &'a dyn Fn(&Fix) -> bool,
    /// Where a Service's workloads are looked for.
    pub(crate) manifests: Option<&'a Manifests<'a>>,
    /// What is known of the same file's objects from before an edit.
    pub(crate) memo: Option<&'a Memo>,
    /// Whether a report will show the texts that findings are about.
    pub(crate) keep_texts: bool,
}

impl Default for Manner<'_> {
    fn default() -> Self {
        Self { patience: Cow::Owned(Patience::default()), may: &|_| true, manifests: None, memo: None, keep_texts: false }
    }
}

/// Judges, waives and (if the request says so) fixes a job as it stands in `files`.
pub(crate) fn run_job(setup: &Setup, job: &Job, files: &(dyn Files + Sync), request: &Request<'_>, manner: &Manner<'_>) -> Done {
    contained(job.path(), || judge_or_recall(setup, job, files, request, manner))
}

fn judge_or_recall(setup: &Setup, job: &Job, files: &(dyn Files + Sync), request: &Request<'_>, manner: &Manner<'_>) -> Done {
    let Some(cache) = setup.cache.as_ref().filter(|_| request.fix.is_none()) else { return judge_job(setup, job, files, request, manner) };
    let own: Vec<String> = match job {
        Job::Terraform(_, paths) => paths.clone(),
        job => vec![job.path().to_owned()],
    };
    let judge = |files: &dyn Files| {
        let Done { findings, notices, judged, used, waivers, selected, .. } = judge_job(setup, job, files, request, manner);
        (Stored { findings, notices, judged, used, waivers }, !selected.is_empty())
    };
    let pods = || manner.manifests.map(Manifests::digest).unwrap_or_default();
    let name = format!("{} {}", job.target(), job.path());
    let Stored { findings, notices, judged, used, waivers } = cache.get(&name, &own, files, &pods, judge);
    Done { findings, notices, judged, used, waivers, ..Done::default() }
}

fn judge_job(setup: &Setup, job: &Job, files: &dyn Files, request: &Request<'_>, manner: &Manner<'_>) -> Done {
    let docker = |path: &str| setup.docker(path);
    let in_force = |path: &str| setup.evaluator.in_force(path);
    let bench = Bench {
        catalogue: &setup.catalogue,
        docker: &docker as &dyn Fn(&str) -> DockerSettings,
        in_force: &in_force,
        trusted: &request.trust,
        alone: request.alone,
        patience: &manner.patience,
        manifests: manner.manifests,
        memo: manner.memo,
    };
    let waive = |files: &dyn Files| {
        let JudgedJob { mut state, comments, judged, late, failed, pods, selected } = judge(&bench, job, files);
        let verdict = setup.waive(&mut state, &comments, request.waivers, files);
        for one in &mut state.judged {
            for (fix, ops) in one.finding.fixes.iter().zip(&mut one.ops) {
                if !(manner.may)(fix) {
                    ops.clear();
                }
            }
        }
        (state, Done { judged, late, failed, pods, selected, ..Done::default() }, verdict)
    };
    let (state, done, mut verdict) = waive(files);
    let Some(level) = request.fix else {
        let texts = if manner.keep_texts { texts_of(&state) } else { vec![] };
        let mut findings: Vec<Finding> = state.judged.into_iter().map(|one| one.finding).collect();
        findings.extend(verdict.extra);
        return Done { findings, texts, notices: state.notices, used: verdict.used, waivers: verdict.waivers, ..done };
    };
    // Before anything changes: afterwards the findings, and the places, are others.
    let mut read: HashMap<Arc<str>, Option<Arc<[u8]>>> = HashMap::new();
    let spans = state.judged.iter().flat_map(|one| &one.finding.secrets);
    let spans: Vec<String> =
        spans.filter_map(|at| text_at(read.entry(at.path.clone()).or_insert_with(|| files.read(&at.path).ok()).as_deref()?, at)).collect();
    let mut secrets: Vec<String> =
        spans.into_iter().chain(state.units.iter().flat_map(|unit| Secrets::of(&unit.iter().collect::<Vec<_>>()).into_values())).collect();
    secrets.sort_by_key(|value| std::cmp::Reverse(value.len()));
    secrets.dedup();
    let fixed = apply::fix(files, level, state, &|files| waive(files).0);
    if !fixed.changed.is_empty() {
        // A waiver counts as used by what remains.
        verdict = waive(&apply::Changed { under: files, texts: fixed.changed.clone() }).2;
    }
    let Verdict { used, extra, waivers, .. } = verdict;
    let mut findings: Vec<Finding> = fixed.state.judged.into_iter().map(|one| one.finding).collect();
    findings.extend(extra);
    let mut notices = fixed.state.notices;
    notices.extend(fixed.notices);
    Done { findings, notices, used, waivers, changed: fixed.changed, secrets, fixed: fixed.applied.len(), ..done }
}

/// The texts that a job's findings are about, which are in order of path.
fn texts_of(state: &State) -> Vec<(Arc<str>, Arc<str>)> {
    let mut paths: Vec<&Arc<str>> = state.judged.iter().map(|one| &one.finding.at.path).collect();
    paths.dedup();
    let wanted: HashSet<&str> = paths.iter().map(|path| &***path).collect();
    let mut texts: HashMap<&str, Arc<str>> = HashMap::new();
    for document in state.units.iter().flatten() {
        for (at, source) in document.sources.iter().enumerate() {
            if source.length > 0 && wanted.contains(source.uri.as_str()) {
                let whole = || source.whole.clone().unwrap_or_else(|| document.source_text(at as u32).into());
                texts.entry(&source.uri).or_insert_with(whole);
            }
        }
    }
    paths.into_iter().filter_map(|path| Some((path.clone(), texts.remove(&**path)?))).collect()
}

/// The text at a place of a file, without quotes around it.
fn text_at(bytes: &[u8], at: &Location) -> Option<String> {
    let text = std::str::from_utf8(bytes.get(at.range.start.offset as usize..at.range.end.offset as usize)?).ok()?;
    Some(text.trim_matches(['"', '\'']).to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_where_it_happened() {
        let done = contained("a/Dockerfile", || panic!("for this test"));
        let places: Vec<_> = done.notices.iter().filter_map(|notice| Some((&*notice.at.as_ref()?.path, notice.incomplete))).collect();
        assert_eq!((places, done.findings.len()), (vec![("a/Dockerfile", true)], 0));
    }
}
