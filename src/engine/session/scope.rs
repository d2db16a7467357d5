//! A part of the session that a cold run would judge in one go: a workspace folder, or one document outside of them all.

use super::buffers::relative;
use super::report::{FileReport, by_file};
use super::task::{Judged, Opened, OpenedProject, Ticket};
use crate::asked::Asked;
use crate::load::Job;
use crate::manifests::{Listing, Selected};
use crate::memo::Memo;
use crate::pods::{FilePods, Selector};
use crate::project::Setup;
use plimsoll_config::{Origin, Problem};
use plimsoll_finding::{Location, Notice, NoticeKind, Position, Range};
use plimsoll_source::{CONFIG_NAMES, FileKind, Project, Root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder or a document, and what was found there.
pub(super) struct Scope {
    pub(super) folder: PathBuf,
    /// The one document that it is about; `None` for all of the folder.
    pub(super) document: Option<PathBuf>,
    /// Counts what makes the set of files or settings another.
    pub(super) wanted: u64,
    /// What `wanted` was when the state below was found; 0 before the first time.
    pub(super) opened: u64,
    pub(super) opening: bool,
    /// Projects by root.
    pub(super) projects: BTreeMap<PathBuf, Open>,
    /// About files that could not be looked at.
    notices: BTreeMap<PathBuf, FileReport>,
}

/// An open project.
pub(super) struct Open {
    pub(super) project: Project,
    /// `None` until its settings were right for the first time.
    pub(super) setup: Option<Arc<Setup>>,
    /// Whether its settings have changed since.
    pub(super) outdated: bool,
    whole: bool,
    pub(super) jobs: BTreeMap<Job, Slot>,
    /// Its Kubernetes files, those that no job of the scope is about as well.
    pub(super) listing: Arc<Listing>,
    /// About its configuration: problems, and waivers nobody needs.
    settings: BTreeMap<PathBuf, FileReport>,
    closing: BTreeMap<PathBuf, FileReport>,
}

/// A job's verdict, or that there is none yet.
#[derive(Default)]
pub(super) struct Slot {
    /// Counts what makes the verdict another.
    pub(super) wanted: u64,
    /// What `wanted` was for the verdict below; 0 for none.
    judged: u64,
    pub(super) running: bool,
    files: BTreeMap<PathBuf, FileReport>,
    pub(super) asked: Asked,
    /// What was found in an open file's objects.
    pub(super) memo: Arc<Memo>,
    /// What its Services selected.
    selected: Vec<(Selector, Selected)>,
    /// The changes that the verdict knows of.
    seen: u64,
    used: Vec<usize>,
}

impl Slot {
    pub(super) const fn is_current(&self) -> bool {
        self.judged == self.wanted
    }

    /// Whether no Service of it selects anything.
    pub(super) const fn selects_nothing(&self) -> bool {
        self.selected.is_empty()
    }
}

impl Scope {
    pub(super) fn new(folder: PathBuf, document: Option<PathBuf>) -> Self {
        Self { folder, document, wanted: 1, opened: 0, opening: false, projects: BTreeMap::new(), notices: BTreeMap::new() }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.opened == self.wanted
    }

    /// Whether the scope may have something to say of a file.
    pub(super) fn reaches(&self, path: &Path) -> bool {
        path.starts_with(&self.folder) || self.document.as_deref() == Some(path) || self.projects.keys().any(|root| path.starts_with(root))
    }

    /// The project that a file lies in.
    pub(super) fn project_of(&self, path: &Path) -> Option<&Open> {
        self.projects.iter().filter(|(root, _)| path.starts_with(root)).max_by_key(|(root, _)| root.as_os_str().len()).map(|(_, open)| open)
    }

    /// What the file is judged as here.
    pub(super) fn kind_of(&self, path: &Path) -> Option<FileKind> {
        self.projects.iter().find_map(|(root, open)| {
            let relative = relative(root, path)?;
            open.project.files.iter().find(|file| file.path == relative).map(|file| file.kind)
        })
    }

    /// Whether the file is one of those that the scope is configured by, and marks the projects that it configures.
    pub(super) fn reconfigure(&mut self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default();
        let mut configures = CONFIG_NAMES.iter().any(|config| name == *config) && self.reaches(path);
        let toml = path.extension().is_some_and(|extension| extension == "toml");
        for (root, open) in &mut self.projects {
            let input = open.setup.as_ref().is_some_and(|setup| setup.inputs.iter().any(|input| path.starts_with(input)));
            // One that could not be read when it was extended is no input yet.
            let extended = toml && open.project.root.config.is_some() && path.starts_with(root);
            if input || extended || (configures && path.starts_with(root)) {
                open.outdated = true;
                configures = true;
            }
        }
        configures
    }

    /// Marks the jobs whose verdict a change of this file makes another. `came_or_went` is whether the file exists now and did not, or
    /// the other way round.
    pub(super) fn mark(&mut self, path: &Path, came_or_went: bool) -> Vec<(PathBuf, Job)> {
        let mut marked = vec![];
        for (root, open) in &mut self.projects {
            let Some(relative) = relative(root, path) else { continue };
            // What a manifest that is judged here makes is known once it was judged; see `judged`.
            let elsewhere = open.lists(&relative) && !open.jobs.contains_key(&Job::Kubernetes(relative.clone()));
            for (job, slot) in &mut open.jobs {
                let asked = if came_or_went { slot.asked.minds(&relative) } else { slot.asked.reads(&relative) };
                if asked || (elsewhere && !slot.selected.is_empty()) {
                    slot.wanted += 1;
                    marked.push((root.clone(), job.clone()));
                }
            }
        }
        marked
    }

    /// Takes what was found. Gives the jobs to be judged, and adds files about which there is something else to say to `changed`.
    pub(super) fn accept(&mut self, opened: Opened, changed: &mut BTreeSet<PathBuf>) -> Vec<(PathBuf, Job)> {
        self.opening = false;
        self.opened = opened.generation;
        let mut before = std::mem::take(&mut self.projects);
        let mut due = vec![];
        for found in opened.projects {
            let root = found.project.root.path.clone();
            let open = Open::of(found, before.remove(&root), changed);
            due.extend(open.jobs.iter().filter(|(_, slot)| !slot.is_current()).map(|(job, _)| (root.clone(), job.clone())));
            self.projects.insert(root, open);
        }
        for gone in before.into_values() {
            changed.extend(gone.files());
        }
        let notices = by_file(Path::new(""), vec![], opened.notices);
        changed.extend(notices.keys().chain(self.notices.keys()).cloned());
        self.notices = notices;
        due
    }

    /// Makes the verdict that is on its way one of the past.
    pub(super) fn overtake(&mut self, ticket: &Ticket) {
        if let Some(slot) = self.projects.get_mut(&ticket.root).and_then(|open| open.jobs.get_mut(&ticket.job)) {
            slot.wanted += 1;
        }
    }

    /// Takes a verdict, unless something has changed meanwhile. Says whether it was taken, and the jobs that must be judged again because
    /// of what it says of its file, which was changed last at `touched`.
    pub(super) fn judged(&mut self, judged: Judged, touched: u64, changed: &mut BTreeSet<PathBuf>) -> (bool, Vec<Job>) {
        let Some(open) = self.projects.get_mut(&judged.ticket.root) else { return (false, vec![]) };
        let Some(slot) = open.jobs.get_mut(&judged.ticket.job) else { return (false, vec![]) };
        slot.running = false;
        // What it asked for is known even of a stale verdict, and a newer text may have made it ask for more.
        slot.asked = judged.asked;
        slot.selected = judged.selected;
        if slot.wanted != judged.generation {
            return (false, vec![]);
        }
        slot.judged = judged.generation;
        slot.seen = judged.changes;
        slot.used = judged.used;
        let before = std::mem::replace(&mut slot.files, judged.files);
        let differs = |path: &&PathBuf| before.get(*path) != slot.files.get(*path);
        changed.extend(before.keys().chain(slot.files.keys()).filter(differs).cloned());
        let dependants = match &judged.ticket.job {
            Job::Kubernetes(path) => open.reselect(path, &judged.pods, touched),
            _ => vec![],
        };
        open.close(changed);
        (true, dependants)
    }

    /// Everything that is known of a file.
    pub(super) fn report(&self, path: &Path, report: &mut FileReport) {
        let projects = self.projects.iter().filter(|(root, _)| path.starts_with(root));
        let of_projects = projects.flat_map(|(_, open)| {
            open.jobs.values().map(|slot| &slot.files).chain([&open.settings, &open.closing]).filter_map(|files| files.get(path))
        });
        for part in of_projects.chain(self.notices.get(path)) {
            report.merge(part);
        }
    }

    /// Files about which there is something to say.
    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        self.projects.values().flat_map(Open::files).chain(self.notices.keys().cloned()).collect()
    }
}

impl Open {
    /// Takes over from the project's state before what still holds.
    fn of(found: OpenedProject, before: Option<Self>, changed: &mut BTreeSet<PathBuf>) -> Self {
        let OpenedProject { project, setup, jobs, listing, whole } = found;
        let root = project.root.clone();
        let mut before = before.unwrap_or_else(|| Self {
            project: project.clone(),
            setup: None,
            outdated: false,
            whole,
            jobs: BTreeMap::new(),
            listing: listing.clone(),
            settings: BTreeMap::new(),
            closing: BTreeMap::new(),
        });
        changed.extend(before.settings.keys().cloned());
        let (setup, problems) = match setup {
            Ok(setup) => {
                let notices = setup.notices.iter().map(|notice| absolute(notice.clone(), &root));
                let settings = by_file(&root.path, vec![], notices.collect());
                (Some(setup), settings)
            }
            // The last settings that were right stay in force while somebody is typing.
            Err(problems) => {
                (before.setup.clone(), by_file(&root.path, vec![], problems.iter().map(|problem| notice(problem, &root)).collect()))
            }
        };
        changed.extend(problems.keys().cloned());
        let same = match (&setup, &before.setup) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, old),
            (None, None) => true,
            _ => false,
        };
        let mut slots = BTreeMap::new();
        for job in jobs.into_iter().filter(|_| setup.is_some()) {
            let mut slot = before.jobs.remove(&job).unwrap_or_default();
            let others = !listing.is_like(&before.listing) && !slot.selected.is_empty();
            if !same {
                slot.memo = Arc::default();
            }
            if !same || slot.wanted == 0 || others {
                // The old verdict is shown until there is a new one.
                slot.wanted += 1;
            }
            slots.insert(job, slot);
        }
        for gone in before.jobs.values() {
            changed.extend(gone.files.keys().cloned());
        }
        let mut open = Self { project, setup, outdated: false, whole, jobs: slots, listing, settings: problems, closing: before.closing };
        open.close(changed);
        open
    }

    /// Whether a file is one of the project's manifests.
    pub(super) fn lists(&self, path: &str) -> bool {
        self.listing.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }

    /// Marks the Services' jobs that would select something else, now that a manifest changed at `touched` makes these pods.
    fn reselect(&mut self, path: &str, pods: &FilePods, touched: u64) -> Vec<Job> {
        let own = Job::Kubernetes(path.to_owned());
        let mut due = vec![];
        for (job, slot) in self.jobs.iter_mut().filter(|(job, slot)| **job != own && slot.seen < touched) {
            if !slot.selected.iter().all(|(selector, selected)| selected.still(selector, path, pods)) {
                slot.wanted += 1;
                due.push(job.clone());
            }
        }
        due
    }

    /// Settles what is said of the configuration's waivers, once every job was judged.
    fn close(&mut self, changed: &mut BTreeSet<PathBuf>) {
        let Some(setup) = self.setup.as_ref().filter(|_| self.jobs.values().all(Slot::is_current)) else { return };
        let used: Vec<usize> = self.jobs.values().flat_map(|slot| slot.used.iter().copied()).collect();
        let closing = by_file(&self.project.root.path, setup.close(&used, self.whole), vec![]);
        if closing != self.closing {
            changed.extend(closing.keys().chain(self.closing.keys()).cloned());
            self.closing = closing;
        }
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.jobs.values().map(|slot| &slot.files).chain([&self.settings, &self.closing]).flat_map(|files| files.keys().cloned())
    }
}

/// A problem of the configuration, at its file's start where nobody knows better.
fn notice(problem: &Problem, root: &Root) -> Notice {
    let mut notice = problem.notice(&|path| path.to_string_lossy().into_owned());
    if problem.origin == Origin::Default || notice.at.is_none() {
        let start = Position { line: 1, column: 1, offset: 0 };
        let path = root.config.as_ref().unwrap_or(&root.path).to_string_lossy();
        notice.at = Some(Location { path: path.into(), range: Range { start, end: start } });
    }
    Notice { incomplete: true, kind: NoticeKind::Config, ..notice }
}

/// A notice of the set-up, whose path is relative to nobody knows what, at the configuration file.
fn absolute(mut notice: Notice, root: &Root) -> Notice {
    if let (Some(at), Some(config)) = (&mut notice.at, &root.config) {
        // Relative ones lie in the working directory, which is the folder of the scope; `extend` may name others.
        let path = Path::new(&*at.path);
        if !path.is_absolute() {
            let base = config.ancestors().find(|ancestor| ancestor.join(path).is_file());
            at.path = base.unwrap_or(&root.path).join(path).to_string_lossy().into();
        }
    }
    notice
}
