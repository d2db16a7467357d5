//! The session's work: what may run on any thread, over a snapshot that nothing changes any more.

use super::Settings;
use super::buffers::Buffers;
use super::report::{FileReport, by_file};
use crate::asked::{Asked, Witness};
use crate::job::{Manner, fault, run_job};
use crate::judge::Patience;
use crate::load::{Job, jobs};
use crate::manifests::{Listing, Manifests, Memory, Selected};
use crate::memo::Memo;
use crate::pods::{FilePods, Selector};
use crate::project::{Setup, scope, setup_over};
use crate::run::{Engine, Request, whole};
use crate::shown::Shown;
use plimsoll_config::Problem;
use plimsoll_finding::Notice;
use plimsoll_formats::Files;
use plimsoll_source::{Found, Project, discover};
use plimsoll_verdict::Date;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Something to be done; the result goes back to the session that asked for it.
pub struct Task {
    pub(super) kind: Kind,
    /// Whether no open document waits for it.
    pub(super) behind: bool,
}

pub(super) enum Kind {
    Open(Open),
    Judge(Box<Judge>),
}

/// What came of a [`Task`].
pub struct Finished(pub(super) Result);

pub(super) enum Result {
    Opened(Opened),
    Judged(Box<Judged>),
}

/// Which job of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) scope: u64,
    pub(super) root: PathBuf,
    pub(super) job: Job,
}

/// What every task knows.
#[derive(Clone)]
pub(super) struct Ground {
    pub(super) engine: Arc<Engine>,
    pub(super) settings: Arc<Settings>,
    pub(super) buffers: Buffers,
    pub(super) today: Date,
    /// The pods of Kubernetes files that were looked through.
    pub(super) memory: Arc<Memory>,
    /// Counts the changes that the texts and the disk have seen.
    pub(super) changes: u64,
}

impl Ground {
    /// A request as the command line would make it in `cwd`.
    pub(super) fn request<'a>(&self, cwd: &'a Path, paths: &'a [PathBuf]) -> Request<'a> {
        Request {
            cwd,
            paths,
            stdin: None,
            lookup: self.settings.lookup.clone(),
            layer: self.settings.layer.clone(),
            trust: self.settings.trust.clone(),
            fix: None,
            waivers: true,
            today: self.today,
            threads: 0,
            alone: false,
            since: None,
            cache: None,
            shard: None,
            progress: None,
            organisation: None,
        }
    }
}

/// Finding a scope's files and setting up its projects.
pub(super) struct Open {
    pub(super) ground: Ground,
    pub(super) scope: u64,
    pub(super) generation: u64,
    pub(super) cwd: PathBuf,
    /// The one document that the scope is about; `None` for all of its folder.
    pub(super) document: Option<PathBuf>,
    /// Projects whose settings are as they were.
    pub(super) kept: BTreeMap<PathBuf, Arc<Setup>>,
}

pub(super) struct Opened {
    pub(super) scope: u64,
    pub(super) generation: u64,
    pub(super) projects: Vec<OpenedProject>,
    pub(super) notices: Vec<Notice>,
}

pub(super) struct OpenedProject {
    pub(super) project: Project,
    pub(super) setup: std::result::Result<Arc<Setup>, Vec<Problem>>,
    pub(super) jobs: Vec<Job>,
    pub(super) listing: Arc<Listing>,
    pub(super) whole: bool,
}

impl Open {
    fn run(self) -> Opened {
        let Self { ground, scope: id, generation, cwd, document, kept } = self;
        let unsaved = |path: &Path| ground.buffers.get(path);
        let saved = document.as_ref().is_none_or(|document| document.is_file());
        let text = document.as_ref().and_then(|document| ground.buffers.get(document)).unwrap_or_default();
        let paths: Vec<PathBuf> = document.iter().filter(|_| saved).cloned().collect();
        let mut request = ground.request(&cwd, &paths);
        if let (Some(document), false) = (&document, saved) {
            request.stdin = Some((document, &text));
        }
        let Found { projects, notices, .. } = discover(&plimsoll_source::Request {
            cwd: &cwd,
            paths: request.paths,
            stdin: request.stdin,
            lookup: request.lookup.clone(),
            threads: 0,
            scope: &|root| scope(root, &request.layer, None, &unsaved),
            listed: None,
            strict: false,
            unsaved: &unsaved,
            remember: false,
        });
        let plain = OnceLock::new();
        let projects = projects
            .into_iter()
            .map(|project| {
                let setup = match kept.get(&project.root.path) {
                    Some(setup) => Ok(setup.clone()),
                    None => setup_over(&ground.engine, &project, &request, &plain, &unsaved).map(Arc::new),
                };
                let files: Vec<_> = project.files.iter().map(|file| (file.path.clone(), file.kind)).collect();
                let jobs = jobs(&files, &ground.buffers.over(&project.root.path, project.scope.max_size));
                let whole = whole(&project, &request);
                let kubernetes = jobs.iter().any(|job| matches!(job, Job::Kubernetes(_)));
                let listing = if kubernetes { Listing::of(&project, &request, &unsaved) } else { Listing::default() };
                OpenedProject { project, setup, jobs, listing: Arc::new(listing), whole }
            })
            .collect();
        // What could not be looked at says nothing about a document that is no file of ours.
        let notices = if document.is_some() { vec![] } else { notices };
        let shown = Shown::new(&cwd, Path::new("\0"));
        Opened { scope: id, generation, projects, notices: notices.into_iter().map(|notice| shown.notice(notice)).collect() }
    }
}

/// Judging one job.
#[derive(Clone)]
pub(super) struct Judge {
    pub(super) ground: Ground,
    pub(super) ticket: Ticket,
    pub(super) generation: u64,
    pub(super) cwd: PathBuf,
    pub(super) setup: Arc<Setup>,
    pub(super) limit: u64,
    pub(super) listing: Arc<Listing>,
    /// Of a file that somebody edits, what was found in it before.
    pub(super) memo: Option<Arc<Memo>>,
    pub(super) patience: Arc<Patience>,
}

pub(super) struct Judged {
    pub(super) ticket: Ticket,
    pub(super) generation: u64,
    /// The changes that it knows of.
    pub(super) changes: u64,
    pub(super) files: BTreeMap<PathBuf, FileReport>,
    pub(super) asked: Asked,
    pub(super) used: Vec<usize>,
    pub(super) late: BTreeSet<String>,
    pub(super) failed: BTreeSet<String>,
    pub(super) pods: FilePods,
    pub(super) selected: Vec<(Selector, Selected)>,
}

impl Judge {
    /// The project's Kubernetes files as this task sees them; `files` are its texts.
    pub(super) fn manifests<'a>(&'a self, files: &'a dyn Files) -> Manifests<'a> {
        let ground = &self.ground;
        let open = |path: &Path| ground.buffers.get(path);
        Manifests::over(&self.ticket.root, files, || self.listing.clone(), ground.memory.clone(), open, ground.changes)
    }

    pub(super) fn run(&self) -> Judged {
        let root = &self.ticket.root;
        let files = self.ground.buffers.over(root, self.limit);
        let witness = Witness::new(&files);
        let request = self.ground.request(&self.cwd, &[]);
        let manifests = self.manifests(&files);
        let memo = self.memo.as_deref();
        let manner =
            Manner { patience: Cow::Borrowed(&self.patience), may: &|_| true, manifests: Some(&manifests), memo, keep_texts: false };
        let done = run_job(&self.setup, &self.ticket.job, &witness, &request, &manner);
        Judged {
            ticket: self.ticket.clone(),
            generation: self.generation,
            changes: self.ground.changes,
            files: by_file(root, done.findings, done.notices),
            asked: witness.into_asked(),
            used: done.used,
            late: done.late,
            failed: done.failed,
            pods: done.pods,
            selected: done.selected,
        }
    }

    /// A verdict for a job that could not be judged for a fault of ours: everything else goes on.
    fn failed(&self) -> Judged {
        let path = self.ticket.job.path();
        let mut asked = Asked::default();
        asked.read(path);
        Judged {
            ticket: self.ticket.clone(),
            generation: self.generation,
            changes: self.ground.changes,
            files: by_file(&self.ticket.root, vec![], vec![fault(path)]),
            asked,
            used: vec![],
            late: BTreeSet::new(),
            failed: BTreeSet::new(),
            pods: FilePods::default(),
            selected: vec![],
        }
    }
}

impl Task {
    pub(super) const fn of(kind: Kind) -> Self {
        Self { kind, behind: false }
    }

    /// Whether no open document waits for it.
    pub const fn is_behind(&self) -> bool {
        self.behind
    }

    /// Does it. Blocks; to be called on a thread with [`plimsoll_host::limits::THREAD_STACK`] bytes of stack.
    pub fn run(self) -> Finished {
        Finished(match self.kind {
            Kind::Open(open) => Result::Opened(open.run()),
            Kind::Judge(judge) => {
                let judged = catch_unwind(AssertUnwindSafe(|| judge.run()));
                Result::Judged(Box::new(judged.unwrap_or_else(|_| judge.failed())))
            }
        })
    }
}
