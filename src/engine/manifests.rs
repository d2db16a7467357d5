//! A project's Kubernetes files, asked for the pods that a Service selects.
//!
//! Each file is looked through once for as long as its text stays the same, and not before the first Service of a run asks: a project
//! without one pays nothing.

use crate::cache::hash;
use crate::pods::{FilePods, Selector};
use crate::project::Unsaved;
use crate::run::{Request, whole};
use plimsoll_document::KeyTable;
use plimsoll_formats::Files;
use plimsoll_source::{FileKind, Project, Seen, discover};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

/// Objects that make pods beyond which nobody is asked what selects them: every Service is held against every one.
pub(crate) const MAX_PODS: usize = 5_000;

/// The Kubernetes files of a project.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listing {
    /// In order of path.
    pub(crate) paths: Vec<String>,
    /// Whether there are no others.
    complete: bool,
    /// What was looked at to find them, besides what the run looked at anyway.
    seen: Option<Seen>,
}

impl Listing {
    /// These and no others.
    #[cfg(test)]
    pub(crate) const fn whole(paths: Vec<String>) -> Self {
        Self { paths, complete: true, seen: None }
    }

    /// All of a project's files, whatever part of it a run is about. Of a folder that is nobody's project only what the run is about is
    /// known: it may be somebody's home.
    pub(crate) fn of(project: &Project, request: &Request<'_>, unsaved: Unsaved<'_>) -> Self {
        let kubernetes = |project: &Project| -> Vec<String> {
            project.files.iter().filter(|file| file.kind == FileKind::Kubernetes).map(|file| file.path.clone()).collect()
        };
        let own = kubernetes(project);
        if whole(project, &Request { shard: None, ..request.clone() }) {
            return Self { paths: own, complete: true, seen: None };
        }
        let root = &project.root;
        if root.config.is_none() && !root.path.join(".git").exists() {
            return Self { paths: own, complete: false, seen: None };
        }
        let found = discover(&plimsoll_source::Request {
            cwd: &root.path,
            paths: std::slice::from_ref(&root.path),
            stdin: None,
            lookup: request.lookup.clone(),
            threads: request.threads,
            scope: &|root| crate::project::scope(root, &request.layer, request.organisation.as_ref(), unsaved),
            listed: None,
            strict: false,
            unsaved,
            remember: request.cache.is_some(),
        });
        let mut paths: Vec<String> = found.projects.iter().filter(|other| other.root.path == root.path).flat_map(kubernetes).collect();
        paths.extend(own);
        paths.sort();
        paths.dedup();
        Self { paths, complete: true, seen: Some(found.seen) }
    }

    /// Whether both are of the same files.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.complete == other.complete && self.paths == other.paths
    }

    /// The same with these as well, which were there once.
    pub(crate) fn with(mut self, paths: impl IntoIterator<Item = String>) -> Self {
        self.paths.extend(paths);
        self.paths.sort();
        self.paths.dedup();
        self
    }
}

/// What is known of files' pods, by absolute path, for as long as their texts stay the same.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    files: HashMap<PathBuf, (Text, Arc<FilePods>)>,
    /// When each file was changed last, by the caller's count: nothing read before counts any more.
    changed: HashMap<PathBuf, u64>,
    cleared: u64,
}

/// What a file's pods were read from: an open document's text, or the disk.
type Text = Option<Arc<[u8]>>;

impl Memory {
    /// A file has changed on disk.
    pub(crate) fn forget(&self, path: &Path, at: u64) {
        let mut known = self.lock();
        known.files.remove(path);
        known.changed.insert(path.to_owned(), at);
    }

    /// Anything may have changed.
    pub(crate) fn clear(&self, at: u64) {
        *self.lock() = Remembered { cleared: at, ..Remembered::default() };
    }

    fn get(&self, path: &Path, text: &Text) -> Option<Arc<FilePods>> {
        let known = self.lock();
        let (read, pods) = known.files.get(path)?;
        let same = match (read, text) {
            (Some(read), Some(text)) => Arc::ptr_eq(read, text),
            (None, None) => true,
            _ => false,
        };
        same.then(|| pods.clone())
    }

    fn put(&self, path: PathBuf, text: Text, pods: Arc<FilePods>, at: u64) {
        let mut known = self.lock();
        if at >= known.cleared && known.changed.get(&path).is_none_or(|changed| at >= *changed) {
            known.files.insert(path, (text, pods));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What makes the pods that a Service selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Selected {
    /// These: a path, and which of the file's objects. None at all is sure because some other pod of the namespace is known.
    These(Vec<(String, usize)>, Known),
    /// It cannot be told from here.
    Unknown(Why),
}

/// A file that makes pods, so that the manifests are those of workloads.
type Known = Option<String>;

/// Why it cannot be told what a Service selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// Of this file's pods.
    File(String),
    /// Of the pods of this file's custom resources.
    Custom(String),
    /// There are no pods at all in the namespace: the manifests are not the whole of what runs there.
    NoPods,
    /// No pod is written that has the labels, and a controller may give them.
    Given,
    /// There may be files that nobody has looked at.
    Incomplete,
    /// There are more pods than are looked through.
    TooMany,
}

impl Selected {
    /// Whether the answer is the same now that a file, not the Service's own, makes these pods.
    pub(crate) fn still(&self, selector: &Selector, path: &str, pods: &FilePods) -> bool {
        match self {
            Self::These(these, known) => {
                let before = these.iter().filter(|(place, _)| place == path).map(|(_, object)| *object);
                let sure =
                    !these.is_empty() || (!pods.may_be_made(selector) && (known.as_deref() != Some(path) || pods.are_beside(selector)));
                sure && pods.selected(selector) == Some(before.collect())
            }
            Self::Unknown(Why::File(file)) => file != path || pods.selected(selector).is_none(),
            Self::Unknown(Why::Custom(file)) => (file != path || pods.may_be_made(selector)) && pods.selected(selector) == Some(vec![]),
            Self::Unknown(Why::NoPods) => pods.selected(selector) == Some(vec![]) && !pods.are_beside(selector),
            Self::Unknown(Why::Given) => pods.selected(selector) == Some(vec![]),
            Self::Unknown(Why::Incomplete) => true,
            Self::Unknown(Why::TooMany) => false,
        }
    }
}

/// A project's Kubernetes files as one run, or one moment of a session, sees them.
pub(crate) struct Manifests<'a> {
    root: &'a Path,
    files: &'a dyn Files,
    list: Box<dyn Fn() -> Arc<Listing> + Send + Sync + 'a>,
    listing: OnceLock<Arc<Listing>>,
    memory: Arc<Memory>,
    /// An open document's text.
    open: Box<dyn Fn(&Path) -> Text + Send + Sync + 'a>,
    /// The count of changes that `files` knows of.
    at: u64,
    next: AtomicUsize,
    pods: OnceLock<Vec<(String, Arc<FilePods>)>>,
    digest: OnceLock<String>,
}

impl<'a> Manifests<'a> {
    /// For one run, in which files stay as they are.
    pub(crate) fn new(root: &'a Path, files: &'a dyn Files, list: impl Fn() -> Listing + Send + Sync + 'a) -> Self {
        Self::over(root, files, move || Arc::new(list()), Arc::default(), |_| None, 0)
    }

    /// For a moment of a session, after `at` changes.
    pub(crate) fn over(
        root: &'a Path,
        files: &'a dyn Files,
        list: impl Fn() -> Arc<Listing> + Send + Sync + 'a,
        memory: Arc<Memory>,
        open: impl Fn(&Path) -> Text + Send + Sync + 'a,
        at: u64,
    ) -> Self {
        Self {
            root,
            files,
            list: Box::new(list),
            listing: OnceLock::new(),
            memory,
            open: Box::new(open),
            at,
            next: AtomicUsize::new(0),
            pods: OnceLock::new(),
            digest: OnceLock::new(),
        }
    }

    /// Finds what makes the pods that a Service selects, in order of path. Of the Service's own file, whose text may be another than the
    /// project's, the pods are given.
    pub(crate) fn select(&self, own: &str, own_pods: &FilePods, selector: &Selector) -> Selected {
        let others = self.pods().iter().filter(|(path, _)| path != own);
        if others.clone().map(|(_, pods)| pods.len()).sum::<usize>() + own_pods.len() > MAX_PODS {
            return Selected::Unknown(Why::TooMany);
        }
        let all = std::iter::once((own, own_pods)).chain(others.map(|(path, pods)| (path.as_str(), &**pods)));
        let (mut known, mut custom) = (None, None);
        let mut these = vec![];
        for (path, pods) in all {
            let Some(objects) = pods.selected(selector) else { return Selected::Unknown(Why::File(path.to_owned())) };
            these.extend(objects.into_iter().map(|object| (path.to_owned(), object)));
            if known.is_none() && pods.are_beside(selector) {
                known = Some(path.to_owned());
            }
            if custom.is_none() && pods.may_be_made(selector) {
                custom = Some(path.to_owned());
            }
        }
        these.sort();
        if !self.listing().complete {
            return Selected::Unknown(Why::Incomplete);
        }
        match (custom, known) {
            (_, known) if !these.is_empty() => Selected::These(these, known),
            (Some(custom), _) => Selected::Unknown(Why::Custom(custom)),
            (None, None) => Selected::Unknown(Why::NoPods),
            _ if !selector.is_written() => Selected::Unknown(Why::Given),
            (None, known) => Selected::These(these, known),
        }
    }

    /// Stands for the pods of all files: the same as long as nothing else can be selected.
    pub(crate) fn digest(&self) -> String {
        self.digest.get_or_init(|| hash(&[&format!("{:?} {:?}", self.listing().complete, self.pods())])).clone()
    }

    /// What was looked at to find the files, if anybody asked.
    pub(crate) fn into_seen(self) -> Option<Seen> {
        Arc::unwrap_or_clone(self.listing.into_inner()?).seen
    }

    fn listing(&self) -> &Listing {
        self.listing.get_or_init(|| (self.list)())
    }

    /// The files that make pods, or may.
    fn pods(&self) -> &[(String, Arc<FilePods>)] {
        let paths = &self.listing().paths;
        // Threads that ask at the same time share the work rather than all do all of it.
        while let Some(path) = paths.get(self.next.fetch_add(1, Ordering::Relaxed).min(paths.len())) {
            self.of(path);
        }
        self.pods.get_or_init(|| {
            let known = paths.iter().map(|path| (path.clone(), self.of(path)));
            known.filter(|(_, pods)| !pods.is_empty()).collect()
        })
    }

    fn of(&self, path: &str) -> Arc<FilePods> {
        let absolute = self.root.join(path);
        let text = (self.open)(&absolute);
        if let Some(known) = self.memory.get(&absolute, &text) {
            return known;
        }
        let pods = Arc::new(self.files.read(path).map_or_else(|_| FilePods::default(), |bytes| read(path, &bytes)));
        self.memory.put(absolute, text, pods.clone(), self.at);
        pods
    }
}

/// The pods of a file by its text. One that is no text at all is no manifest, whatever it is called.
pub(crate) fn read(path: &str, bytes: &[u8]) -> FilePods {
    static KEYS: LazyLock<KeyTable> = LazyLock::new(KeyTable::new);
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| may_make_pods(text)) else { return FilePods::default() };
    let file = plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path, text, keys: &KEYS });
    FilePods::of(&file.objects, !file.problems.is_empty())
}

/// Whether a text is worth parsing: without containers or a custom resource there is no pod, and most files of a large repository have none.
pub(crate) fn may_make_pods(text: &str) -> bool {
    let custom = |(at, _)| {
        let line = text.get(at..).and_then(|rest| rest.split(['\n', ',']).next()).unwrap_or_default();
        line.contains('.') && !line.contains(".k8s.io/")
    };
    text.contains("ontainers") || text.contains("{{") || text.match_indices("apiVersion").any(custom)
}
