//! What a run found, put together.

use crate::job::Done;
use crate::project::Setup;
use crate::shown::Shown;
use plimsoll_finding::{Finding, Location, Notice, NoticeKind, RuleMeta, Severity, State};
use plimsoll_source::{Project, Seen};
use plimsoll_verdict::Listed;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that fixes changed or created.
#[derive(Debug, Clone)]
pub struct Change {
    /// As reported.
    pub shown: Arc<str>,
    /// Where it is.
    pub path: PathBuf,
    /// Its text before; `None` for a new file.
    pub old: Option<Arc<str>>,
    /// Its text after.
    pub new: Arc<str>,
    /// Values that must not be shown.
    pub secrets: Vec<String>,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings that count, in order of path, place and rule.
    pub findings: Vec<Finding>,
    /// Findings that are waived.
    pub waived: Vec<Finding>,
    /// What could not be done.
    pub notices: Vec<Notice>,
    /// The rules that ran, by id.
    pub rules: Vec<RuleMeta>,
    /// Third parties' plugins: name, version, digest.
    pub plugins: Vec<(String, String, String)>,
    /// Files looked at.
    pub files: usize,
    /// Units judged.
    pub judged: usize,
    /// Rules switched off in some project.
    pub disabled: usize,
    /// What fixes changed; nothing is written yet.
    pub changes: Vec<Change>,
    /// Fixes applied.
    pub fixed: usize,
    /// Findings at or above their project's `fail-on`.
    pub failing: usize,
    /// Errors of configuration: the run was not made, or not for that project.
    pub errors: Vec<String>,
    /// Named paths that do not exist.
    pub missing: Vec<PathBuf>,
    /// Named files that the configuration excludes.
    pub excluded: usize,
    /// Texts by reported path: those that are not on disk, and of what findings are about as much as there is room for.
    pub texts: HashMap<Arc<str>, Arc<str>>,
    /// Where a reported path is on disk.
    pub places: HashMap<Arc<str>, PathBuf>,
    /// The files looked at, as reported.
    pub looked_at: BTreeSet<String>,
    /// `fail-on` of the project that a reported path belongs to, by the path of findings' sites.
    pub thresholds: HashMap<Arc<str>, Severity>,
    /// Units judged by target.
    pub targets: BTreeMap<&'static str, usize>,
    /// The waivers met.
    pub waivers: Vec<Listed>,
    /// Locked rules that findings are about: no baseline holds them.
    pub locked: BTreeSet<Arc<str>>,
    /// Findings left out because they were there before the change.
    pub older: usize,
    /// With a cache: everything that was looked at, if the same would be said of the same once more.
    pub seen: Option<Seen>,
}

impl Outcome {
    /// Takes out what is waived among the findings, after somebody changed their state, and counts again what fails.
    pub fn sort_out(&mut self) {
        let (active, waived): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.findings).into_iter().partition(|finding| finding.state == State::Active);
        self.findings = active;
        self.waived.extend(waived);
        self.findings.sort_by(|a, b| order(a).cmp(&order(b)));
        self.waived.sort_by(|a, b| order(a).cmp(&order(b)));
        let fails = |finding: &&Finding| self.thresholds.get(&finding.site.path).is_none_or(|threshold| finding.severity >= *threshold);
        self.failing = self.findings.iter().filter(fails).count();
    }
}

/// Whether the same would come out again: nothing failed, nothing ran into a limit.
pub(crate) fn keeps(notices: &[Notice]) -> bool {
    !notices.iter().any(|notice| match notice.kind {
        NoticeKind::Limit | NoticeKind::Plugin => true,
        NoticeKind::Io => notice.incomplete,
        NoticeKind::Parse | NoticeKind::Template | NoticeKind::Config => false,
    })
}

pub(crate) fn order(finding: &Finding) -> (&Location, &str, &str) {
    (&finding.at, &finding.rule, &finding.message)
}

/// Everything in the order of reports. Notices in order of place, so that shards put together say the same in the same order, each once: what
/// is wrong in many objects of a file is wrong at its start.
pub(crate) fn tidy(findings: &mut [Finding], waived: &mut [Finding], notices: &mut Vec<Notice>) {
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    waived.sort_by(|a, b| order(a).cmp(&order(b)));
    notices.sort_by(|a, b| (&a.at, a.kind, &a.message).cmp(&(&b.at, b.kind, &b.message)));
    notices.dedup();
}

/// Puts a project's results into the outcome, with paths as users know them.
pub(crate) fn finish(project: &Project, setup: &Setup, cwd: &Path, whole: bool, done: Vec<Done>, outcome: &mut Outcome) {
    let shown = Shown::new(&project.root.path, cwd);
    outcome.files += project.files.len();
    outcome.looked_at.extend(project.files.iter().map(|file| file.shown.clone()));
    let mut used = vec![];
    let mut changes: BTreeMap<String, Arc<str>> = BTreeMap::new();
    let mut findings = vec![];
    let mut secrets = vec![];
    for done in done {
        findings.extend(done.findings);
        outcome.texts.extend(done.texts.into_iter().map(|(path, text)| (shown.path(&path), text)));
        outcome.notices.extend(done.notices.into_iter().map(|notice| shown.notice(notice)));
        outcome.judged += done.judged;
        outcome.fixed += done.fixed;
        used.extend(done.used);
        outcome.waivers.extend(done.waivers.into_iter().map(|waiver| shown.waiver(waiver)));
        changes.extend(done.changed);
        secrets.extend(done.secrets);
    }
    findings.extend(setup.close(&used, whole));
    outcome.waivers.extend(setup.evaluator.central().into_iter().map(|waiver| shown.waiver(waiver)));
    for (path, new) in changes {
        let old = setup.files.read(&path).ok().and_then(|bytes| std::str::from_utf8(&bytes).ok().map(Arc::from));
        // The findings that are left stand in the new text, written or not.
        outcome.texts.insert(shown.path(&path), new.clone());
        outcome.changes.push(Change { shown: shown.path(&path), path: project.root.path.join(&path), old, new, secrets: secrets.clone() });
    }
    let mut last: Option<Arc<str>> = None;
    for finding in findings {
        for path in std::iter::once(&finding.at.path)
            .chain(finding.related.iter().map(|other| &other.at.path))
            .chain(finding.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| &edit.path)))
        {
            let path_shown = shown.path(path);
            // Nearly all of a job's places are in one file.
            if last.as_ref() != Some(&path_shown) {
                outcome.places.entry(path_shown.clone()).or_insert_with(|| project.root.path.join(&**path));
                last = Some(path_shown);
            }
        }
        let finding = shown.finding(finding);
        if setup.evaluator.is_locked(&finding.rule) {
            outcome.locked.insert(finding.rule.clone());
        }
        outcome.thresholds.entry(finding.site.path.clone()).or_insert(setup.fail_on);
        match finding.state {
            State::Active => {
                outcome.failing += usize::from(finding.severity >= setup.fail_on);
                outcome.findings.push(finding);
            }
            State::Waived(_) => outcome.waived.push(finding),
        }
    }
}
