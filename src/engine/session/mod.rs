//! A long-lived run for an editor: open projects, unsaved texts, and what follows from each change of one.
//!
//! A session is a state and nothing else. Changes ([`Session::edit`], [`Session::touch`], [`Session::set_folders`]) say what has become
//! another; [`Session::next`] gives the work that follows, which may be done on any thread over a snapshot of the texts;
//! [`Session::accept`] takes the result, unless a later change has overtaken it. What a session then says of a file equals what a cold run
//! over the same bytes says, because both run the same jobs: a folder is judged as `plimsoll check` judges it, a document outside of all
//! folders as `plimsoll check DOCUMENT`.
//!
//! What depends on what is not written down anywhere: a job remembers every file that it asked for, found or not, and is judged again when
//! one of the answers changes.

mod buffers;
mod probe;
mod report;
mod rules;
mod scope;
mod task;

#[cfg(test)]
mod tests;

pub use buffers::Buffers;
pub use probe::Probe;
pub use report::FileReport;
pub use rules::Rules;
pub use task::{Finished, Task};

use crate::judge::Patience;
use crate::load::Job;
use crate::run::Engine;
use plimsoll_config::Layer;
use plimsoll_source::{Candidate, ConfigLookup, DiskFiles, FileKind, kind_by_name, kind_of};
use plimsoll_verdict::Date;
use scope::{Open, Scope};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use task::{Ground, Judge, Kind, Result, Ticket};

/// Times that a third party's plugin may be late before it is asked no more.
const LATE: usize = 3;

/// How a session judges.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where configuration comes from.
    pub lookup: ConfigLookup,
    /// What the command line says over it.
    pub layer: Layer,
    /// Plugins whose fixes may be applied although a third party wrote them.
    pub trust: Vec<String>,
    /// Wall time of a third party's plugin for one unit.
    pub deadline: Duration,
    /// The day that waivers are judged by, UTC.
    pub today: fn() -> Date,
}

/// See the module.
pub struct Session {
    ground: Ground,
    /// What each open document is by its name and text: as a walk sees it, and as one sees it that was named.
    kinds: HashMap<PathBuf, (FileKind, FileKind)>,
    scopes: BTreeMap<u64, Scope>,
    last: u64,
    /// Jobs that an open document depends on, in order of the changes.
    urgent: VecDeque<Ticket>,
    others: VecDeque<Ticket>,
    changed: BTreeSet<PathBuf>,
    /// When each path was changed last, as [`Ground`] counts.
    touched: BTreeMap<PathBuf, u64>,
    late: BTreeMap<String, usize>,
    failed: BTreeSet<String>,
    patience: Arc<Patience>,
}

impl Session {
    /// A session without folders or documents.
    pub fn new(engine: Arc<Engine>, settings: Settings) -> Self {
        let patience = Arc::new(Patience { deadline: settings.deadline, again: false, paused: BTreeSet::new() });
        let today = (settings.today)();
        Self {
            ground: Ground { engine, settings: Arc::new(settings), buffers: Buffers::default(), today, memory: Arc::default(), changes: 0 },
            kinds: HashMap::new(),
            scopes: BTreeMap::new(),
            last: 0,
            urgent: VecDeque::new(),
            others: VecDeque::new(),
            changed: BTreeSet::new(),
            touched: BTreeMap::new(),
            late: BTreeMap::new(),
            failed: BTreeSet::new(),
            patience,
        }
    }

    /// The open documents.
    pub const fn buffers(&self) -> &Buffers {
        &self.ground.buffers
    }

    /// Says which folders are judged.
    pub fn set_folders(&mut self, folders: &[PathBuf]) {
        let gone: Vec<u64> = self
            .scopes
            .iter()
            .filter(|(_, scope)| scope.document.is_none() && !folders.contains(&scope.folder))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.forget(id);
        }
        for folder in folders {
            if !self.scopes.values().any(|scope| scope.document.is_none() && scope.folder == *folder) {
                self.add(Scope::new(folder.clone(), None));
            }
        }
        self.adopt();
    }

    /// A document was opened or edited (its whole text), or closed (`None`).
    pub fn edit(&mut self, path: &Path, text: Option<Arc<str>>) {
        self.count(path);
        let was_open = self.ground.buffers.is_open(path);
        let saved = path.is_file();
        let came_or_went = !saved && was_open != text.is_some();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text: Option<Arc<[u8]>> = text.map(Into::into);
        let kinds = text.as_ref().map(|text| (kind_of(&name, text, false), kind_of(&name, text, true)));
        let before = match &kinds {
            Some(kinds) => self.kinds.insert(path.to_owned(), *kinds),
            None => self.kinds.remove(path),
        };
        if text.is_none() {
            self.ground.memory.forget(path, self.ground.changes);
        }
        self.ground.buffers.set(path, text);
        let mut marked = vec![];
        for (id, scope) in &mut self.scopes {
            let configures = scope.reconfigure(path);
            let kind = |kinds: &(FileKind, FileKind)| if scope.document.is_some() { kinds.1 } else { kinds.0 };
            let known = || scope.kind_of(path).unwrap_or(FileKind::Unknown);
            let other = match (&before, &kinds) {
                (Some(before), Some(now)) => kind(before) != kind(now),
                (None, Some(now)) => kind(now) != known(),
                // What is saved may be of another kind than what was open.
                (_, None) => kind_by_name(&name) == Candidate::Yaml || kind_by_name(&name) == Candidate::Json,
            };
            if configures || (scope.reaches(path) && (other || came_or_went)) {
                scope.wanted += 1;
            }
            marked.extend(scope.mark(path, came_or_went).into_iter().map(|(root, job)| Ticket { scope: *id, root, job }));
        }
        self.queue(marked);
        self.adopt();
    }

    /// A file or folder may have been changed, created or removed on disk.
    pub fn touch(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.count(path);
        self.ground.memory.forget(path, self.ground.changes);
        let ignores = matches!(&*name, ".gitignore" | ".ignore");
        let exists = path.is_file();
        let mut marked = vec![];
        for (id, scope) in &mut self.scopes {
            let configures = scope.reconfigure(path);
            let known = scope.kind_of(path);
            let came_or_went = exists != known.is_some();
            let now = if !exists || self.ground.buffers.is_open(path) { None } else { Some(kind_on_disk(path, &name)) };
            let found_otherwise = match (known, now) {
                // Open documents are looked at when they are edited; here only whether there is a file at all may be news.
                (None, None) => exists && self.kinds.get(path).is_some_and(|kinds| kinds.0 != FileKind::Unknown),
                (Some(_), None) => !exists,
                (known, Some(now)) => known.unwrap_or(FileKind::Unknown) != now,
            };
            let folder_gone = !exists
                && scope.projects.iter().any(|(root, open)| {
                    buffers::relative(root, path)
                        .is_some_and(|below| open.project.files.iter().any(|file| file.path.starts_with(&format!("{below}/"))))
                });
            if configures || (scope.reaches(path) && (ignores || found_otherwise || folder_gone)) {
                scope.wanted += 1;
            }
            marked.extend(scope.mark(path, came_or_went).into_iter().map(|(root, job)| Ticket { scope: *id, root, job }));
        }
        self.queue(marked);
        self.adopt();
    }

    /// Judges by other settings from now on.
    pub fn set_settings(&mut self, settings: Settings) {
        self.patience = Arc::new(Patience { deadline: settings.deadline, again: false, paused: BTreeSet::new() });
        self.ground.settings = Arc::new(settings);
        self.reload();
    }

    /// Everything is looked at anew: the client cannot say what has changed.
    pub fn reload(&mut self) {
        self.ground.changes += 1;
        self.ground.memory.clear(self.ground.changes);
        for scope in self.scopes.values_mut() {
            scope.wanted += 1;
            for open in scope.projects.values_mut() {
                open.outdated = true;
            }
        }
    }

    /// The most pressing work, if there is any. `background` says whether work may be given that no open document waits for.
    pub fn next(&mut self, background: bool) -> Option<Task> {
        let today = (self.ground.settings.today)();
        if today != self.ground.today {
            self.ground.today = today;
            self.reload();
        }
        if let Some(id) = self.scopes.iter().find(|(_, scope)| !scope.opening && !scope.is_open()).map(|(id, _)| *id) {
            return self.open(id);
        }
        while let Some(ticket) = self.urgent.pop_front() {
            if let Some(judge) = self.judge(&ticket) {
                return Some(judge);
            }
        }
        if !background {
            return None;
        }
        while let Some(ticket) = self.others.pop_front() {
            if let Some(mut judge) = self.judge(&ticket) {
                judge.behind = true;
                return Some(judge);
            }
        }
        None
    }

    /// Takes what came of a task.
    pub fn accept(&mut self, finished: Finished) -> Accepted {
        match finished.0 {
            Result::Opened(opened) => {
                let id = opened.scope;
                let Some(scope) = self.scopes.get_mut(&id) else { return Accepted::default() };
                let due = scope.accept(opened, &mut self.changed);
                self.queue(due.into_iter().map(|(root, job)| Ticket { scope: id, root, job }).collect());
                self.adopt();
                Accepted::default()
            }
            Result::Judged(judged) => {
                let failed = judged.failed.iter().filter(|plugin| self.failed.insert((*plugin).clone())).cloned().collect();
                let mut accepted = Accepted { failed, ..Accepted::default() };
                for plugin in &judged.late {
                    let times = self.late.entry(plugin.clone()).or_default();
                    *times += 1;
                    if *times == LATE {
                        Arc::make_mut(&mut self.patience).paused.insert(plugin.clone());
                        accepted.paused.push(plugin.clone());
                    }
                }
                let ticket = judged.ticket.clone();
                let Some(scope) = self.scopes.get_mut(&ticket.scope) else { return accepted };
                // What it asked for may have changed while it ran, and nobody knew yet that it would ask.
                let overtaken = self.touched.iter().any(|(path, at)| {
                    let Some(path) = buffers::relative(&ticket.root, path).filter(|_| *at > judged.changes) else { return false };
                    let lists = || scope.projects.get(&ticket.root).is_some_and(|open| open.lists(&path));
                    judged.asked.minds(&path) || (!judged.selected.is_empty() && lists())
                });
                if overtaken {
                    scope.overtake(&ticket);
                }
                let files: Vec<PathBuf> = judged.asked.files().map(|path| ticket.root.join(path)).collect();
                let touched = self.touched.get(&ticket.root.join(ticket.job.path())).copied().unwrap_or_default();
                let (taken, dependants) = scope.judged(*judged, touched, &mut self.changed);
                let again = |job| Ticket { job, ..ticket.clone() };
                self.queue(dependants.into_iter().map(again).collect());
                if taken {
                    accepted.judged = files.into_iter().filter(|path| self.ground.buffers.is_open(path)).collect();
                } else {
                    self.queue(vec![ticket]);
                }
                accepted
            }
        }
    }

    /// Files about which there is something else to say than the last time this was asked.
    pub fn take_changed(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.changed)
    }

    /// What there is to say about a file.
    pub fn report(&self, path: &Path) -> FileReport {
        let mut report = FileReport::default();
        for scope in self.scopes.values() {
            scope.report(path, &mut report);
        }
        report.sort();
        report
    }

    /// Whether the report on a file is of its present text and all that it depends on.
    pub fn is_settled(&self, path: &Path) -> bool {
        self.scopes.values().filter(|scope| scope.reaches(path)).all(|scope| {
            scope.is_open()
                && scope.projects.iter().all(|(root, open)| {
                    let Some(relative) = buffers::relative(root, path) else { return true };
                    open.jobs
                        .iter()
                        .filter(|(job, slot)| names(job, &relative) || slot.asked.reads(&relative))
                        .all(|(_, slot)| slot.is_current() && (slot.selects_nothing() || !self.labels_are_due(root, open)))
                })
        })
    }

    /// Whether a manifest was edited whose pods are not known yet: a Service may select others then.
    fn labels_are_due(&self, root: &Path, open: &Open) -> bool {
        open.jobs.iter().any(|(job, slot)| match job {
            Job::Kubernetes(path) => !slot.is_current() && self.touched.contains_key(&root.join(path)),
            _ => false,
        })
    }

    /// Jobs judged and jobs known, over all folders; `None` while the files of a folder are still looked for.
    pub fn progress(&self) -> Option<(usize, usize)> {
        let mut count = (0, 0);
        for scope in self.scopes.values() {
            if scope.opened == 0 {
                return None;
            }
            for slot in scope.projects.values().flat_map(|open| open.jobs.values()) {
                count.0 += usize::from(slot.is_current());
                count.1 += 1;
            }
        }
        Some(count)
    }

    /// The rules that are known where a file lies.
    pub fn rules(&self, path: &Path) -> Option<Rules> {
        let mut scopes = self.scopes.values().filter(|scope| scope.reaches(path));
        let setup = scopes.find_map(|scope| scope.project_of(path)?.setup.clone());
        setup.or_else(|| self.scopes.values().flat_map(|scope| scope.projects.values()).find_map(|open| open.setup.clone())).map(Rules::new)
    }

    /// The job that a document is judged in, to be judged with other texts.
    pub fn probe(&self, path: &Path) -> Option<Probe> {
        let mut jobs: Vec<(bool, Judge, String)> = vec![];
        for (id, scope) in &self.scopes {
            for (root, open) in &scope.projects {
                let Some(relative) = buffers::relative(root, path) else { continue };
                for (job, slot) in &open.jobs {
                    if names(job, &relative) || slot.asked.reads(&relative) {
                        let ticket = Ticket { scope: *id, root: root.clone(), job: job.clone() };
                        jobs.extend(self.task(&ticket).map(|judge| (!names(job, &relative), judge, relative.clone())));
                    }
                }
            }
        }
        // Its own job, rather than one that merely looks at it.
        jobs.into_iter().min_by_key(|(other, _, _)| *other).map(|(_, judge, relative)| Probe::new(judge, path.to_owned(), relative))
    }

    fn count(&mut self, path: &Path) {
        self.ground.changes += 1;
        self.touched.insert(path.to_owned(), self.ground.changes);
    }

    fn add(&mut self, scope: Scope) {
        self.last += 1;
        self.scopes.insert(self.last, scope);
    }

    fn forget(&mut self, id: u64) {
        if let Some(scope) = self.scopes.remove(&id) {
            self.changed.extend(scope.files());
        }
    }

    /// Gives every open document that no folder judges a scope of its own, and takes it away from those that one does.
    fn adopt(&mut self) {
        let judged = |path: &Path| {
            let mut folders = self.scopes.values().filter(|scope| scope.document.is_none() && scope.reaches(path)).peekable();
            // Until a folder was looked through nobody knows.
            folders.peek().is_some() && folders.any(|scope| scope.opened == 0 || scope.kind_of(path).is_some())
        };
        let loose: BTreeSet<PathBuf> = self.ground.buffers.paths().filter(|path| !judged(path)).map(Path::to_owned).collect();
        let gone: Vec<u64> = self
            .scopes
            .iter()
            .filter(|(_, scope)| scope.document.as_ref().is_some_and(|document| !loose.contains(document)))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.forget(id);
        }
        for document in loose {
            if !self.scopes.values().any(|scope| scope.document.as_ref() == Some(&document)) {
                let folder = document.parent().unwrap_or(&document).to_owned();
                self.add(Scope::new(folder, Some(document)));
            }
        }
    }

    /// Puts jobs in line, those that open documents wait for first.
    fn queue(&mut self, tickets: Vec<Ticket>) {
        for ticket in tickets {
            let awaited = self.ground.buffers.paths().any(|path| {
                let Some(relative) = buffers::relative(&ticket.root, path) else { return false };
                let slot = self.scopes.get(&ticket.scope).and_then(|scope| scope.projects.get(&ticket.root)?.jobs.get(&ticket.job));
                names(&ticket.job, &relative) || slot.is_some_and(|slot| slot.asked.reads(&relative))
            });
            let line = if awaited { &mut self.urgent } else { &mut self.others };
            if !line.contains(&ticket) {
                line.push_back(ticket);
            }
        }
    }

    fn open(&mut self, id: u64) -> Option<Task> {
        let scope = self.scopes.get_mut(&id)?;
        scope.opening = true;
        let kept = scope.projects.iter().filter(|(_, open)| !open.outdated);
        let kept: BTreeMap<_, _> = kept.filter_map(|(root, open)| Some((root.clone(), open.setup.clone()?))).collect();
        if kept.len() < scope.projects.len() {
            // Other settings are other plugins, for all we know.
            self.late.clear();
            self.failed.clear();
            self.patience = Arc::new(Patience { paused: BTreeSet::new(), ..(*self.patience).clone() });
        }
        Some(Task::of(Kind::Open(task::Open {
            ground: self.ground.clone(),
            scope: id,
            generation: scope.wanted,
            cwd: scope.folder.clone(),
            document: scope.document.clone(),
            kept,
        })))
    }

    fn judge(&mut self, ticket: &Ticket) -> Option<Task> {
        let slot = self.scopes.get_mut(&ticket.scope)?.projects.get_mut(&ticket.root)?.jobs.get_mut(&ticket.job)?;
        if slot.running || slot.is_current() {
            return None;
        }
        slot.running = true;
        if !self.ground.buffers.is_open(&ticket.root.join(ticket.job.path())) {
            slot.memo = Arc::default();
        }
        self.task(ticket).map(|judge| Task::of(Kind::Judge(Box::new(judge))))
    }

    fn task(&self, ticket: &Ticket) -> Option<Judge> {
        let scope = self.scopes.get(&ticket.scope)?;
        let open = scope.projects.get(&ticket.root)?;
        let slot = open.jobs.get(&ticket.job)?;
        Some(Judge {
            ground: self.ground.clone(),
            ticket: ticket.clone(),
            generation: slot.wanted,
            cwd: scope.folder.clone(),
            setup: open.setup.clone()?,
            limit: open.project.scope.max_size,
            listing: open.listing.clone(),
            memo: self.ground.buffers.is_open(&ticket.root.join(ticket.job.path())).then(|| slot.memo.clone()),
            patience: self.patience.clone(),
        })
    }
}

/// What a session says when it has taken a task's result.
#[derive(Debug, Default)]
pub struct Accepted {
    /// Open documents whose present text was judged.
    pub judged: Vec<PathBuf>,
    /// Third parties' plugins that failed for the first time under these settings.
    pub failed: Vec<String>,
    /// Plugins that are asked no more, because they were late too often.
    pub paused: Vec<String>,
}

/// Whether a job is about this file, whatever else it reads.
fn names(job: &Job, path: &str) -> bool {
    match job {
        Job::Dockerfile(own) | Job::Compose(own) | Job::Kubernetes(own) => own == path,
        Job::Terraform(_, files) => files.iter().any(|file| file == path),
    }
}

fn kind_on_disk(path: &Path, name: &str) -> FileKind {
    match kind_by_name(name) {
        Candidate::Is(kind) => kind,
        Candidate::Other => FileKind::Unknown,
        Candidate::Yaml | Candidate::Json => {
            let text = plimsoll_source::read_regular(path, DiskFiles::HARD_LIMIT).unwrap_or_default();
            kind_of(name, &text, false)
        }
    }
}
