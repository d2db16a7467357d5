//! A run: from paths to findings.

use crate::asked::{Asked, Witness};
use crate::catalogue::{Catalogue, CatalogueError, Contents};
use crate::job::{Done, Manner, run_job};
use crate::load::{Job, jobs};
use crate::manifests::{Listing, Manifests};
use crate::outcome::{Outcome, finish, keeps, tidy};
use crate::policy;
use crate::project::{Setup, setup};
use crate::shown::Shown;
use crate::since::{Before, Since};
use plimsoll_config::Layer;
use plimsoll_finding::{Applicability, Finding, RuleMeta, State as Standing, Text};
use plimsoll_formats::Files;
use plimsoll_host::Host;
use plimsoll_source::{ConfigLookup, DiskFiles, FileKind, Found, Overlay, Project, Roots, Scope, Seen, discover};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
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
        // The rules that most projects have are loaded meanwhile; one file is not worth the threads.
        let one_file = request.stdin.is_some() || matches!(request.paths, [path] if request.cwd.join(path).is_file());
        let Found { projects, notices, missing, excluded, seen } = if one_file {
            self.discover(request)
        } else {
            rayon::join(|| self.discover(request), || self.catalogue(&Contents::default())).0
        };
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
            let manner = Manner { manifests: Some(&manifests[*index]), keep_texts: request.cache.is_none(), ..Manner::default() };
            let mut done = run_job(&open[*index].1, job, files(*index), request, &manner);
            let length: usize = done.texts.iter().map(|(_, text)| text.len()).sum();
            if kept.fetch_add(length, Ordering::Relaxed) + length > KEPT_TEXT {
                kept.fetch_sub(length, Ordering::Relaxed);
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
        outcome.notices.extend(self.host.take_warnings().into_iter().map(policy::warning));
        tidy(&mut outcome.findings, &mut outcome.waived, &mut outcome.notices);
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
