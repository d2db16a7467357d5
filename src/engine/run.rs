//! A run: from paths to findings.

use crate::apply::{self, State};
use crate::asked::{Asked, Witness};
use crate::catalogue::{Catalogue, CatalogueError, Contents};
use crate::judge::{Bench, JudgedJob, Patience, judge};
use crate::load::{DockerSettings, Job, jobs};
use crate::manifests::{Listing, Manifests, Selected};
use crate::memo::Memo;
use crate::pods::{FilePods, Selector};
use crate::policy;
use crate::project::{Setup, setup};
use crate::secret::Secrets;
use crate::since::{Before, Since};
use crate::stored::Stored;
use plimsoll_config::Layer;
use plimsoll_finding::{Applicability, Edit, Finding, Fix, Location, Notice, NoticeKind, RuleMeta, Severity, State as Standing, Text};
use plimsoll_formats::Files;
use plimsoll_host::Host;
use plimsoll_source::{ConfigLookup, DiskFiles, FileKind, Found, Overlay, Project, Roots, Scope, Seen, discover};
use plimsoll_verdict::{Listed, Verdict};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// What to judge, and how.
#[derive(Clone)]
pub struct Request<'a> {
    /// The working directory, absolute.
    pub cwd: &'a Path,
    /// Files and directories; empty for the working directory.
    pub paths: &'a [PathBuf],
    /// Standard input and the name it goes by.
    pub stdin: Option<(&'a Path, &'a [u8])>,
    /// Where configuration comes from.
    pub lookup: ConfigLookup,
    /// What the command line says over it.
    pub layer: Layer,
    /// Plugins whose fixes may be applied although a third party wrote them.
    pub trust: Vec<String>,
    /// Which fixes to apply.
    pub fix: Option<Applicability>,
    /// Whether waivers count.
    pub waivers: bool,
    /// The day that waivers are judged by, UTC.
    pub today: plimsoll_verdict::Date,
    /// Threads; 0 for one per core.
    pub threads: usize,
    /// Admission's view: each object alone.
    pub alone: bool,
    /// Where results are kept between runs; what fixes change is always judged anew.
    pub cache: Option<&'a Path>,
    /// One part of several that a run is split into, from 0, and how many there are.
    pub shard: Option<(usize, usize)>,
    /// Called whenever a unit of work is done, with the number done and of all.
    pub progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
    /// An organisation's configuration below all projects', with what it locks.
    pub organisation: Option<plimsoll_config::Config>,
    /// Only what this change touched, and only findings that were not there before it.
    pub since: Option<&'a Since>,
}

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
            std::mem::take(&mut self.findings).into_iter().partition(|finding| finding.state == Standing::Active);
        self.findings = active;
        self.waived.extend(waived);
        self.findings.sort_by(|a, b| order(a).cmp(&order(b)));
        self.waived.sort_by(|a, b| order(a).cmp(&order(b)));
        let fails = |finding: &&Finding| self.thresholds.get(&finding.site.path).is_none_or(|threshold| finding.severity >= *threshold);
        self.failing = self.findings.iter().filter(fails).count();
    }
}

/// Bytes of judged text beyond which a report reads files again.
const KEPT_TEXT: usize = 8 * 1024 * 1024;

/// Catalogues beyond which those that nobody uses are dropped.
const KEPT: usize = 8;

/// Runs plugins for many requests: keeps what is dear to make.
pub struct Engine {
    host: Arc<Host>,
    catalogues: Mutex<Vec<(Contents, Arc<Catalogue>)>>,
}

impl Engine {
    /// Starts the plugin engine; compiled third-party plugins are kept in `cache`.
    pub fn new(cache: Option<PathBuf>) -> Result<Self, CatalogueError> {
        let host = Host::new(&plimsoll_host::Options { cache, ..Default::default() })?;
        Ok(Self { host: Arc::new(host), catalogues: Mutex::new(vec![]) })
    }

    /// For a server: an instance of its own for every unit, taken from a pool of so many.
    pub fn serving(cache: Option<PathBuf>, instances: u32) -> Result<Self, CatalogueError> {
        let host = Host::new(&plimsoll_host::Options { cache, pool: Some(instances), fresh: true })?;
        Ok(Self { host: Arc::new(host), catalogues: Mutex::new(vec![]) })
    }

    /// The catalogue with these contents, made once.
    pub fn catalogue(&self, contents: &Contents) -> Result<Arc<Catalogue>, CatalogueError> {
        let mut known = self.catalogues.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, catalogue)) = known.iter().find(|(other, _)| other == contents) {
            return Ok(catalogue.clone());
        }
        let catalogue = Arc::new(Catalogue::new(&self.host, contents)?);
        // A server whose settings are edited must not keep every state they were in.
        if known.len() >= KEPT {
            known.retain(|(_, other)| Arc::strong_count(other) > 1);
        }
        known.push((contents.clone(), catalogue.clone()));
        Ok(catalogue)
    }

    /// Lets go of catalogues that nobody holds any more. For a server whose settings change while it runs.
    pub fn forget_unused(&self) {
        let mut known = self.catalogues.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.retain(|(_, catalogue)| Arc::strong_count(catalogue) > 1);
    }

    /// The rules that a request's settings know, ours about waivers included, by id.
    pub fn rules(&self, request: &Request<'_>) -> Result<Vec<RuleMeta>, Vec<String>> {
        let root = Roots::new(request.lookup.clone()).of(request.cwd, request.cwd);
        let project = Project { scope: Scope::default(), root, files: vec![] };
        let setup = setup(self, &project, request, &OnceLock::new());
        let setup = setup.map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let mut rules = setup.catalogue.rules().to_vec();
        rules.extend(plimsoll_verdict::own_rules());
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rules)
    }

    /// The files that a request is about.
    pub fn discover(&self, request: &Request<'_>) -> Found {
        let affected = request.since.map(Since::affected);
        discover(&plimsoll_source::Request {
            cwd: request.cwd,
            paths: request.paths,
            stdin: request.stdin,
            lookup: request.lookup.clone(),
            threads: request.threads,
            scope: &|root| crate::project::scope(root, &request.layer, request.organisation.as_ref(), &|_| None),
            strict: request.organisation.as_ref().is_some_and(locks_rules),
            listed: affected.as_deref(),
            unsaved: &|_| None,
            remember: request.cache.is_some(),
        })
    }

    /// Judges everything that a request is about.
    pub fn check(&self, request: &Request<'_>) -> Outcome {
        // The rules that most projects have are loaded meanwhile. One file is not worth the threads.
        let one = request.stdin.is_some() || matches!(request.paths, [path] if request.cwd.join(path).is_file());
        let Found { projects, notices, missing, excluded, seen } =
            if one { self.discover(request) } else { rayon::join(|| self.discover(request), || self.catalogue(&Contents::default())).0 };
        let mut outcome = Outcome { notices, missing, excluded, ..Outcome::default() };
        let mut open = vec![];
        let plain = OnceLock::new();
        let prepare = |project: &Project| setup(self, project, request, &plain);
        let setups: Vec<_> =
            if projects.len() > 1 { projects.par_iter().map(prepare).collect() } else { projects.iter().map(prepare).collect() };
        for (project, setup) in projects.into_iter().zip(setups) {
            match setup {
                Ok(setup) => {
                    outcome.notices.extend(setup.notices.iter().cloned());
                    open.push((project, setup));
                }
                Err(problems) => outcome.errors.extend(problems.iter().map(ToString::to_string)),
            }
        }
        let witnesses: Vec<Witness<'_>> = open.iter().map(|(_, setup)| Witness::new(&*setup.files)).collect();
        let files =
            |index: usize| -> &(dyn Files + Sync) { if request.cache.is_some() { &witnesses[index] } else { &*open[index].1.files } };
        let ours = |setup: &str, job: &Job| request.shard.is_none_or(|(part, parts)| shard_of(setup, job.path(), parts) == part);
        // One flat list, so that many small projects keep every core busy as one large one does.
        let work: Vec<(usize, Job)> = open
            .iter()
            .enumerate()
            .flat_map(|(index, (project, _))| {
                let paths: Vec<_> = project.files.iter().map(|file| (file.path.clone(), file.kind)).collect();
                let root = project.root.path.strip_prefix(request.cwd).unwrap_or(&project.root.path).to_string_lossy().into_owned();
                jobs(&paths, files(index)).into_iter().filter(move |job| ours(&root, job)).map(move |job| (index, job))
            })
            .collect();
        let (finished, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let list = |project| move || Listing::of(project, request, &|_| None);
        let manifests: Vec<Manifests<'_>> =
            open.iter().enumerate().map(|(index, (project, _))| Manifests::new(&project.root.path, files(index), list(project))).collect();
        let judge = |(index, job): &(usize, Job)| {
            let manner = Manner { manifests: Some(&manifests[*index]), keep_texts: true, ..Manner::default() };
            let mut done = run_job(&open[*index].1, job, files(*index), request, &manner);
            let length: usize = done.texts.iter().map(|(_, text)| text.len()).sum();
            if kept.fetch_add(length, Ordering::Relaxed) + length > KEPT_TEXT {
                done.texts.clear();
            }
            if let Some(progress) = request.progress {
                progress(finished.fetch_add(1, Ordering::Relaxed) + 1, work.len());
            }
            done
        };
        // By itself rayon leaves each thread a quarter of the jobs that nobody else may take, and one of two threads idle at the end.
        // One job is not worth the threads: starting them takes longer than it does. Windows gives the main thread less stack than
        // plugins need.
        let done: Vec<Done> = if work.len() == 1 && cfg!(not(windows)) {
            work.iter().map(judge).collect()
        } else {
            work.par_iter().with_max_len(1).map(judge).collect()
        };
        for ((_, job), done) in work.iter().zip(&done) {
            *outcome.targets.entry(job.target()).or_default() += done.judged;
        }
        let looked_through: Vec<Seen> = manifests.into_iter().filter_map(Manifests::into_seen).collect();
        let asked: Vec<Asked> = witnesses.into_iter().map(Witness::into_asked).collect();
        let mut by_project: Vec<Vec<Done>> = open.iter().map(|_| vec![]).collect();
        for ((index, _), done) in work.iter().zip(done) {
            by_project[*index].push(done);
        }
        let mut rules: BTreeMap<Text, RuleMeta> = BTreeMap::new();
        // The evaluator before, and the rules that are off in it: loose files have one between them all.
        let mut last: Option<(Arc<plimsoll_verdict::Evaluator>, usize)> = None;
        for ((project, setup), done) in open.iter().zip(by_project) {
            finish(project, setup, request.cwd, whole(project, request), done, &mut outcome);
            if let Some((_, disabled)) = last.as_ref().filter(|(last, _)| Arc::ptr_eq(last, &setup.evaluator)) {
                outcome.disabled += disabled;
                continue;
            }
            let disabled = setup.disabled();
            outcome.disabled += disabled;
            last = Some((setup.evaluator.clone(), disabled));
            for rule in setup.ran() {
                rules.entry(rule.id.clone()).or_insert(rule);
            }
            for (name, version, digest) in setup.catalogue.third_parties() {
                let plugin = (name.to_owned(), version.to_owned(), digest.to_owned());
                if !outcome.plugins.contains(&plugin) {
                    outcome.plugins.push(plugin);
                }
            }
        }
        if let Some(since) = request.since {
            leave_out_older(&open, since, request, &mut outcome);
        }
        outcome.rules = rules.into_values().collect();
        outcome.findings.sort_by(|a, b| order(a).cmp(&order(b)));
        outcome.waived.sort_by(|a, b| order(a).cmp(&order(b)));
        outcome.notices.extend(self.host.take_warnings().into_iter().map(policy::warning));
        tidy(&mut outcome.notices);
        if request.cache.is_some() && outcome.errors.is_empty() && outcome.missing.is_empty() && keeps(&outcome.notices) {
            outcome.seen = rests_on(request, &open, &asked, looked_through, &outcome, seen);
        }
        outcome
    }
}

/// Everything on disk that a run's answer rests on, begun by discovery; `None` where that was not steady.
fn rests_on(
    request: &Request<'_>,
    open: &[(Project, Setup)],
    asked: &[Asked],
    looked_through: Vec<Seen>,
    outcome: &Outcome,
    mut seen: Seen,
) -> Option<Seen> {
    for ((project, setup), asked) in open.iter().zip(asked) {
        asked.see(&project.root.path, &mut seen);
        setup.inputs.iter().for_each(|input| seen.tree(input));
    }
    for layer in request.organisation.iter().flat_map(|organisation| &organisation.layers) {
        if let plimsoll_config::Origin::File { path, .. } = &layer.origin {
            seen.look_at(path.to_path_buf());
        }
    }
    for part in looked_through {
        seen.join(part);
    }
    seen.above(request.cwd);
    outcome.places.values().for_each(|place| seen.look_at(place.clone()));
    // A Service's workloads are looked for in the whole project, which a narrower run has not walked.
    let narrow = |project: &Project| {
        request.shard.is_none() && !whole(project, request) && project.files.iter().any(|file| file.kind == FileKind::Kubernetes)
    };
    let steady = asked.iter().all(Asked::is_steady) && !open.iter().any(|(project, _)| narrow(project));
    steady.then_some(seen)
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

/// Notices in order of place, so that shards put together say the same in the same order, each once: what is wrong in many objects of a file
/// is wrong at its start.
pub(crate) fn tidy(notices: &mut Vec<Notice>) {
    notices.sort_by(|a, b| (&a.at, a.kind, &a.message).cmp(&(&b.at, b.kind, &b.message)));
    notices.dedup();
}

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

/// The part that a job belongs to: by its path, so that every machine splits a tree in the same way.
fn shard_of(root: &str, path: &str, parts: usize) -> usize {
    let digest = Sha256::digest(format!("{root}\0{path}"));
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    (number % parts.max(1) as u64) as usize
}

/// Judges the same projects as they were before a change, and leaves out what was found there too.
fn leave_out_older(open: &[(Project, Setup)], since: &Since, request: &Request<'_>, outcome: &mut Outcome) {
    let before: Vec<Before<'_>> =
        open.iter().map(|(project, setup)| Before { under: &*setup.files, root: &project.root.path, since }).collect();
    let work: Vec<(usize, Job)> = open
        .iter()
        .enumerate()
        .flat_map(|(index, (project, _))| {
            let mut files: Vec<_> = project.files.iter().map(|file| (file.path.clone(), file.kind)).collect();
            files.extend(since.removed(&project.root.path));
            jobs(&files, &before[index]).into_iter().map(move |job| (index, job))
        })
        .collect();
    let manifests: Vec<Manifests<'_>> = open
        .iter()
        .zip(&before)
        .map(|((project, _), before)| {
            let root = &project.root.path;
            let gone = since.removed(root).into_iter().filter(|(_, kind)| *kind == FileKind::Kubernetes).map(|(path, _)| path);
            let gone: Vec<String> = gone.collect();
            Manifests::new(root, before, move || Listing::of(project, request, &|_| None).with(gone.clone()))
        })
        .collect();
    let request = Request {
        fix: None,
        since: None,
        paths: request.paths,
        stdin: request.stdin,
        lookup: request.lookup.clone(),
        layer: request.layer.clone(),
        organisation: request.organisation.clone(),
        progress: None,
        trust: vec![],
        ..*request
    };
    let found: Vec<Vec<Finding>> = work
        .par_iter()
        .with_max_len(1)
        .map(|(index, job)| {
            let (project, setup) = &open[*index];
            let shown = Shown::new(&project.root.path, request.cwd);
            let manner = Manner { manifests: Some(&manifests[*index]), ..Manner::default() };
            run_job(setup, job, &before[*index], &request, &manner).findings.into_iter().map(|finding| shown.finding(finding)).collect()
        })
        .collect();
    let same = |path: &str| path.to_owned();
    let known = plimsoll_verdict::Baseline::of(found.iter().flatten(), &same);
    let present = |path: &str| request.cwd.join(path).is_file();
    outcome.older = known.apply(&mut outcome.findings, &same, &present, &|_| true).covered;
    outcome.findings.retain(|finding| finding.state == Standing::Active);
    outcome.sort_out();
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

/// The texts that a job's findings are about.
fn texts_of(state: &State) -> Vec<(Arc<str>, Arc<str>)> {
    let mut texts: Vec<(Arc<str>, Arc<str>)> = vec![];
    for path in state.judged.iter().map(|one| &one.finding.at.path) {
        if texts.iter().any(|(known, _)| known == path) {
            continue;
        }
        let text = state.units.iter().flatten().find_map(|document| {
            let (at, source) = document.sources.iter().enumerate().find(|(_, source)| *source.uri == **path && source.length > 0)?;
            Some(source.whole.clone().unwrap_or_else(|| document.source_text(at as u32).into()))
        });
        texts.extend(text.map(|text| (path.clone(), text)));
    }
    texts
}

/// The text at a place of a file, without quotes around it.
fn text_at(bytes: &[u8], at: &Location) -> Option<String> {
    let text = std::str::from_utf8(bytes.get(at.range.start.offset as usize..at.range.end.offset as usize)?).ok()?;
    Some(text.trim_matches(['"', '\'']).to_owned()).filter(|text| !text.is_empty())
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
            Standing::Active => {
                outcome.failing += usize::from(finding.severity >= setup.fail_on);
                outcome.findings.push(finding);
            }
            Standing::Waived(_) => outcome.waived.push(finding),
        }
    }
}

/// Whether an organisation's configuration locks rules: then no ignore file keeps a file from being judged.
fn locks_rules(organisation: &plimsoll_config::Config) -> bool {
    organisation.layers.iter().filter_map(|layer| layer.lock.as_ref()).any(|lock| !lock.rules.is_empty())
}

/// Whether the whole project was judged: nothing else can be said to be unused.
pub(crate) fn whole(project: &Project, request: &Request<'_>) -> bool {
    request.stdin.is_none()
        && request.since.is_none()
        && request.shard.is_none()
        && !project.files.iter().any(|file| file.explicit)
        && request.paths.iter().all(|path| project.root.path.starts_with(plimsoll_source::normalise(&request.cwd.join(path))))
        && (!request.paths.is_empty() || project.root.path.starts_with(request.cwd))
}

/// How a project's paths are reported: relative to the working directory where they are below it, else absolute.
pub(crate) struct Shown<'a> {
    root: &'a Path,
    cwd: &'a Path,
    /// The last path and how it is reported: nearly all places of a job are in one file.
    last: RefCell<(Arc<str>, Arc<str>)>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(root: &'a Path, cwd: &'a Path) -> Self {
        Self { last: RefCell::new((Arc::from("\0"), Arc::from(""))), root, cwd }
    }

    fn path(&self, path: &str) -> Arc<str> {
        let mut last = self.last.borrow_mut();
        if *last.0 != *path {
            let absolute = self.root.join(path);
            let shown = absolute.strip_prefix(self.cwd).unwrap_or(&absolute).to_string_lossy().replace('\\', "/");
            *last = (path.into(), shown.into());
        }
        last.1.clone()
    }

    fn location(&self, at: &Location) -> Location {
        Location { path: self.path(&at.path), range: at.range }
    }

    fn waiver(&self, mut waiver: Listed) -> Listed {
        waiver.waived.at = waiver.waived.at.map(|at| self.location(&at));
        waiver
    }

    pub(crate) fn notice(&self, mut notice: Notice) -> Notice {
        notice.at = notice.at.map(|at| self.location(&at));
        notice
    }

    pub(crate) fn finding(&self, mut finding: Finding) -> Finding {
        finding.at = self.location(&finding.at);
        finding.site = self.location(&finding.site);
        for related in &mut finding.related {
            related.at = self.location(&related.at);
        }
        for secret in &mut finding.secrets {
            *secret = self.location(secret);
        }
        for fix in &mut finding.fixes {
            for edit in &mut fix.edits {
                *edit = Edit { path: self.path(&edit.path), range: edit.range, text: std::mem::take(&mut edit.text) };
            }
        }
        if let Standing::Waived(waived) = &mut finding.state {
            waived.at = waived.at.take().map(|at| self.location(&at));
        }
        finding
    }
}

/// The disk under what standard input holds.
pub(crate) fn files_of(project: &Project, scope: &Scope, stdin: Option<(&str, &[u8])>) -> Box<dyn Files + Send + Sync> {
    let disk = DiskFiles::new(&project.root.path, scope.max_size);
    match stdin {
        Some((path, bytes)) => {
            let mut overlay = Overlay::new(disk);
            overlay.set(path, bytes);
            Box::new(overlay)
        }
        None => Box::new(disk),
    }
}
