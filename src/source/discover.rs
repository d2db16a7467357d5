//! From a run's paths to the files to be judged, by project, in one order whatever the number of threads.

use crate::content::{kind_by_content, looks_like_dockerfile};
use crate::disk::read_regular;
use crate::{Candidate, ConfigLookup, FileKind, Root, Roots, Scope, Seen, kind_by_name};
use ignore::{WalkBuilder, WalkState};
use plimsoll_finding::{Location, Notice, NoticeKind, Position, Range};
use plimsoll_formats::ReadError;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs::Metadata;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, mpsc};

/// What to look for.
pub struct Request<'a> {
    /// The working directory, absolute. Shown paths are relative to it where they can be.
    pub cwd: &'a Path,
    /// Files and directories as named; empty means the working directory, unless `stdin` is given.
    pub paths: &'a [PathBuf],
    /// Standard input and the name it goes by; it replaces that file if there is one.
    pub stdin: Option<(&'a Path, &'a [u8])>,
    /// Where configuration comes from.
    pub lookup: ConfigLookup,
    /// Threads to look with: 1 for this one alone, else those there are.
    pub threads: usize,
    /// `[files]` of a project; called once for each that has a configuration, and once for all others.
    pub scope: &'a dyn Fn(&Root) -> Scope,
    /// Whether no `.gitignore` or `.ignore` keeps a file from being found.
    pub strict: bool,
    /// Looks at these files (absolute paths) instead of walking directories, where they lie below what is named.
    pub listed: Option<&'a [PathBuf]>,
    /// An editor's unsaved text of a file, by absolute path: the content that tells what the file is.
    pub unsaved: &'a (dyn Fn(&Path) -> Option<Arc<[u8]>> + Sync),
    /// Whether to say what was looked at.
    pub remember: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Projects with at least one file, by root path.
    pub projects: Vec<Project>,
    /// What could not be looked at, in order of path.
    pub notices: Vec<Notice>,
    /// Named paths that do not exist: an error of usage.
    pub missing: Vec<PathBuf>,
    /// Number of named files that the configuration excludes; with no other file, a run ends well.
    pub excluded: usize,
    /// What was looked at, if that was asked for.
    pub seen: Seen,
}

/// A project and those of its files that the run is about.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its root and configuration.
    pub root: Root,
    /// `[files]`, compiled.
    pub scope: Scope,
    /// By path.
    pub files: Vec<SourceFile>,
}

/// A file to be judged, or (`.tfvars`) to be known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Relative to the project root, `/`-separated.
    pub path: String,
    /// As users know it: relative to the working directory, else absolute.
    pub shown: String,
    /// What it is judged as; never unknown.
    pub kind: FileKind,
    /// Whether it was named, not found by walking.
    pub explicit: bool,
}

/// Directories that hold copies of others' files or a version control's own, whatever `.gitignore` says.
const NEVER_ENTERED: [&str; 6] = [".git", ".hg", ".svn", ".jj", ".terraform", "node_modules"];
/// Bytes of a file that its content is judged by: the first look, and the second where the first does not tell.
const LOOKS: [u64; 2] = [64 * 1024, 1024 * 1024];
/// Files below which asking the disk about them is done before threads have started.
const FEW: usize = 32;

struct Pending {
    absolute: PathBuf,
    explicit: bool,
}

/// Finds the files. A named file costs a look at its ancestors and itself; only named directories are walked.
pub fn discover(request: &Request) -> Found {
    let mut search = Search {
        request,
        roots: Roots::new(request.lookup.clone()),
        numbers: HashMap::new(),
        plain: None,
        projects: vec![],
        found: Found::default(),
    };
    let here = [PathBuf::from(".")];
    let paths = if request.paths.is_empty() && request.stdin.is_none() { &here[..] } else { request.paths };
    let ask = |path: &PathBuf| {
        let absolute = normalise(&request.cwd.join(path));
        let metadata = absolute.metadata();
        (absolute, metadata)
    };
    let many = paths.len() >= FEW && request.threads != 1;
    let asked: Vec<_> = if many { paths.par_iter().map(ask).collect() } else { paths.iter().map(ask).collect() };
    if many {
        let files = asked.iter().filter(|(_, metadata)| metadata.as_ref().is_ok_and(Metadata::is_file));
        search.roots.ask_ahead(files.filter_map(|(absolute, _)| absolute.parent()));
    }
    let files = asked.into_iter().zip(paths).filter_map(|((absolute, metadata), path)| search.named(absolute, path, metadata)).collect();
    search.add(files, request.cwd);
    if let Some((name, bytes)) = request.stdin {
        search.stdin(&normalise(&request.cwd.join(name)), bytes);
    }
    let Search { mut projects, mut found, .. } = search;
    // By bytes: taken apart into components, paths cost ten times as much to compare.
    projects.sort_by(|a, b| a.root.path.as_os_str().cmp(b.root.path.as_os_str()));
    for mut open in projects {
        open.files.sort();
        // A file that is both named and walked counts as named, which sorts last.
        open.files.reverse();
        open.files.dedup_by(|a, b| a.path == b.path);
        open.files.reverse();
        if !open.files.is_empty() {
            found.projects.push(open);
        }
    }
    found.notices.sort_by(|a, b| (a.at.as_ref(), &a.message).cmp(&(b.at.as_ref(), &b.message)));
    found.notices.dedup();
    found
}

struct Search<'a> {
    request: &'a Request<'a>,
    roots: Roots,
    /// Each project's place below, by its root's path.
    numbers: HashMap<OsString, usize>,
    /// That of projects without a configuration.
    plain: Option<Scope>,
    projects: Vec<Project>,
    found: Found,
}

impl Search<'_> {
    /// Looks at what was named: a directory is walked, a file is for the caller to add, with all the others.
    fn named(&mut self, named: PathBuf, as_named: &Path, metadata: std::io::Result<Metadata>) -> Option<Pending> {
        let absolute = named.as_path();
        if self.request.remember {
            self.found.seen.above(absolute);
            self.found.seen.look_at(absolute.to_owned());
        }
        let metadata = match metadata {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !absolute.is_symlink() => {
                self.found.missing.push(as_named.to_owned());
                return None;
            }
            Err(error) => {
                self.notice(absolute, NoticeKind::Io, format!("cannot be read: {error}"), true);
                return None;
            }
        };
        if let Some(listed) = self.request.listed {
            let below =
                listed.iter().filter(|path| path.starts_with(absolute) && !never_entered(path.strip_prefix(absolute).unwrap_or(path)));
            let pending = below.map(|path| Pending { absolute: path.clone(), explicit: false }).collect();
            self.add(pending, if metadata.is_dir() { absolute } else { absolute.parent().unwrap_or(absolute) });
        } else if metadata.is_dir() {
            self.walk(absolute);
        } else if metadata.is_file() {
            return Some(Pending { absolute: named, explicit: true });
        } else {
            self.notice(absolute, NoticeKind::Io, "skipped: neither a regular file nor a directory".into(), true);
        }
        None
    }

    fn stdin(&mut self, absolute: &Path, bytes: &[u8]) {
        let fallback = absolute.parent().unwrap_or(absolute).to_owned();
        let Some((project, path)) = self.place(absolute, &fallback) else { return };
        let kind = match (self.projects[project].scope.kind(&path), kind_by_name(file_name(&path))) {
            (Some(kind), _) | (None, Candidate::Is(kind)) => kind,
            (None, _) => any_kind(bytes),
        };
        self.take(project, path, absolute, kind, true);
    }

    /// Walks a directory. Which files are of a project that gives kinds to unusual names is only known once all configuration files have
    /// been met, so such projects are walked a second time, with every file kept.
    fn walk(&mut self, directory: &Path) {
        let candidates = self.walk_once(directory, false);
        self.add(candidates, directory);
        let unusual: Vec<PathBuf> =
            self.projects.iter().filter(|open| open.scope.names_kinds()).map(|open| open.root.path.clone()).collect();
        for root in unusual {
            let start = if directory.starts_with(&root) { directory } else { root.as_path() };
            if start.starts_with(directory) {
                let files = self.walk_once(start, true);
                let files = files
                    .into_iter()
                    .filter(|file| file.absolute.file_name().and_then(|name| name.to_str()).is_some_and(is_other))
                    .collect();
                self.add(files, directory);
            }
        }
    }

    fn walk_once(&mut self, directory: &Path, every_file: bool) -> Vec<Pending> {
        let (send, receive) = mpsc::channel();
        let remember = self.request.remember;
        walker(directory)
            .git_ignore(!self.request.strict)
            .git_exclude(!self.request.strict)
            .ignore(!self.request.strict)
            .threads(self.request.threads)
            .build_parallel()
            .run(|| {
                let send = send.clone();
                Box::new(move |entry| {
                    let result = match entry {
                        Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                            let name = entry.file_name().to_string_lossy();
                            if every_file || !is_other(&name) { Ok(Met::File(entry.into_path())) } else { return WalkState::Continue }
                        }
                        Ok(entry) if remember && entry.file_type().is_some_and(|kind| kind.is_dir()) => {
                            Ok(Met::Directory(entry.into_path()))
                        }
                        Ok(_) => return WalkState::Continue,
                        Err(error) => Err(error),
                    };
                    if send.send(result).is_ok() { WalkState::Continue } else { WalkState::Quit }
                })
            });
        drop(send);
        let mut files = Vec::new();
        for result in receive {
            match result {
                Ok(Met::File(absolute)) => {
                    if remember {
                        self.found.seen.look_at(absolute.clone());
                    }
                    files.push(Pending { absolute, explicit: false });
                }
                Ok(Met::Directory(absolute)) => self.found.seen.walk(absolute),
                Err(error) => self.walk_error(directory, &error),
            }
        }
        files
    }

    fn walk_error(&mut self, directory: &Path, error: &ignore::Error) {
        // A malformed pattern in somebody's ignore file is nothing that we could not look at.
        let Some(cause) = error.io_error() else { return };
        let mut inner = error;
        let mut at = directory.to_owned();
        loop {
            inner = match inner {
                ignore::Error::WithPath { path, err } => {
                    at.clone_from(path);
                    err
                }
                ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
                _ => break,
            };
        }
        self.notice(&at, NoticeKind::Io, format!("cannot be listed: {cause}"), true);
    }

    /// Sorts files into projects and finds the kind of each, reading those whose name does not tell on all threads. A file that belongs to no
    /// project is judged from `fallback`, or where it lies if it was named.
    fn add(&mut self, pending: Vec<Pending>, fallback: &Path) {
        let mut placed = Vec::with_capacity(pending.len());
        for file in pending {
            let fallback = file.absolute.parent().filter(|_| file.explicit).unwrap_or(fallback);
            let Some((project, path)) = self.place(&file.absolute, fallback) else { continue };
            let scope = &self.projects[project].scope;
            if file.explicit && scope.excludes(&path) {
                self.found.excluded += 1;
                self.notice(&file.absolute, NoticeKind::Config, "excluded by `[files]` of the configuration".into(), false);
                continue;
            }
            if !file.explicit && !scope.takes(&path) {
                continue;
            }
            let by_name = kind_by_name(file_name(&path));
            let kind = match (scope.kind(&path), by_name) {
                (Some(kind), _) | (None, Candidate::Is(kind)) => Some(kind),
                (None, Candidate::Other) if !file.explicit => continue,
                _ => None,
            };
            placed.push((project, path, file, kind));
        }
        let unknown: Vec<(usize, &Path, bool)> = placed
            .iter()
            .enumerate()
            .filter(|(_, (_, _, _, kind))| kind.is_none())
            .map(|(at, (_, path, file, _))| (at, file.absolute.as_path(), kind_by_name(file_name(path)) == Candidate::Other))
            .collect();
        let mut kinds = BTreeMap::new();
        for (at, kind) in look_into(&unknown, self.request) {
            kinds.insert(at, kind);
        }
        for (at, (project, path, file, kind)) in placed.into_iter().enumerate() {
            let kind = match kind.map_or_else(|| kinds.remove(&at).unwrap_or(Ok(FileKind::Unknown)), Ok) {
                Ok(kind) => kind,
                Err(error) => {
                    self.notice(&file.absolute, NoticeKind::Io, format!("cannot be read: {error}"), file.explicit);
                    continue;
                }
            };
            if kind != FileKind::Unknown {
                self.take(project, path, &file.absolute, kind, file.explicit);
            } else if file.explicit {
                let message = "skipped: no Dockerfile, Compose, Kubernetes or Terraform file by its name or content";
                self.notice(&file.absolute, NoticeKind::Io, message.into(), false);
            }
        }
    }

    /// The project of a file, by its place, and the file's path in it.
    fn place(&mut self, absolute: &Path, fallback: &Path) -> Option<(usize, String)> {
        let root = self.roots.of(absolute.parent()?, fallback);
        let relative = absolute.strip_prefix(&root.path).ok()?;
        let Some(path) = slashed(relative) else {
            self.notice(absolute, NoticeKind::Io, "skipped: its path is not UTF-8".into(), true);
            return None;
        };
        if let Some(project) = self.numbers.get(root.path.as_os_str()) {
            return Some((*project, path));
        }
        let scope = if root.config.is_some() {
            (self.request.scope)(&root)
        } else {
            self.plain.get_or_insert_with(|| (self.request.scope)(&root)).clone()
        };
        let project = self.projects.len();
        self.numbers.insert(root.path.clone().into_os_string(), project);
        self.projects.push(Project { root, scope, files: vec![] });
        Some((project, path))
    }

    fn take(&mut self, project: usize, path: String, absolute: &Path, kind: FileKind, explicit: bool) {
        let shown = shown(absolute, self.request.cwd);
        self.projects[project].files.push(SourceFile { path, shown, kind, explicit });
    }

    fn notice(&mut self, absolute: &Path, kind: NoticeKind, message: String, incomplete: bool) {
        let first = Position { line: 1, column: 1, offset: 0 };
        let at = Location { path: Arc::from(shown(absolute, self.request.cwd)), range: Range { start: first, end: first } };
        self.found.notices.push(Notice { kind, at: Some(at), message, incomplete });
    }
}

/// The directories of a working tree that nothing ignores.
pub fn directories(top: &Path) -> Vec<PathBuf> {
    let (send, receive) = mpsc::channel();
    walker(top).build_parallel().run(|| {
        let send = send.clone();
        Box::new(move |entry| {
            let directory = entry.ok().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
            match directory.map(|entry| send.send(entry.into_path())) {
                Some(Err(_)) => WalkState::Quit,
                _ => WalkState::Continue,
            }
        })
    });
    drop(send);
    receive.into_iter().collect()
}

fn walker(directory: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(directory);
    walker
        .hidden(false)
        // A user's own ignore file would make two people's verdicts differ.
        .git_global(false)
        .filter_entry(|entry| entry.depth() == 0 || !NEVER_ENTERED.iter().any(|name| entry.file_name() == *name));
    walker
}

/// What a walk comes upon.
enum Met {
    File(PathBuf),
    Directory(PathBuf),
}

fn never_entered(path: &Path) -> bool {
    path.iter().any(|part| NEVER_ENTERED.iter().any(|name| part == *name))
}

fn is_other(name: &str) -> bool {
    kind_by_name(name) == Candidate::Other
}

fn any_kind(bytes: &[u8]) -> FileKind {
    match kind_by_content(bytes) {
        FileKind::Unknown if looks_like_dockerfile(bytes) => FileKind::Dockerfile,
        kind => kind,
    }
}

fn look_into(files: &[(usize, &Path, bool)], request: &Request) -> Vec<(usize, Result<FileKind, ReadError>)> {
    let unsaved = request.unsaved;
    let look = |&(at, path, anything): &(usize, &Path, bool)| match unsaved(path) {
        Some(text) => (at, Ok(kind_of_text(&text, anything))),
        None => (at, look_at(path, anything)),
    };
    if files.len() < FEW || request.threads == 1 { files.iter().map(look).collect() } else { files.par_iter().map(look).collect() }
}

/// The kind that a file of this name and text has where no configuration says otherwise, as [`discover`] sees it; `named` for one that
/// somebody named rather than a walk met.
pub fn kind_of(name: &str, text: &[u8], named: bool) -> FileKind {
    match kind_by_name(name) {
        Candidate::Is(kind) => kind,
        Candidate::Yaml | Candidate::Json => kind_of_text(text, false),
        Candidate::Other if named => kind_of_text(text, true),
        Candidate::Other => FileKind::Unknown,
    }
}

/// What [`look_at`] would make of a file with this text.
fn kind_of_text(text: &[u8], anything: bool) -> FileKind {
    let judge = |bytes: &[u8]| if anything { any_kind(bytes) } else { kind_by_content(bytes) };
    let looks = LOOKS.iter().map(|look| judge(&text[..text.len().min(*look as usize)]));
    looks.into_iter().find(|kind| *kind != FileKind::Unknown).unwrap_or(FileKind::Unknown)
}

fn look_at(path: &Path, anything: bool) -> Result<FileKind, ReadError> {
    let judge = |bytes: &[u8]| if anything { any_kind(bytes) } else { kind_by_content(bytes) };
    let length = path.metadata().map_or(0, |metadata| metadata.len());
    let mut kind = FileKind::Unknown;
    for look in LOOKS {
        let bytes = if length <= look { read_regular(path, look)? } else { head(path, look)? };
        kind = judge(&bytes);
        if kind != FileKind::Unknown || length <= look {
            break;
        }
    }
    Ok(kind)
}

fn head(path: &Path, length: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(length as usize);
    let read = std::fs::File::open(path).and_then(|file| file.take(length).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| ReadError::Other(error.to_string()))
}

/// Takes `.` and `..` out by name, so that a path compares with what a walk yields.
pub fn normalise(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

fn slashed(relative: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

fn shown(absolute: &Path, cwd: &Path) -> String {
    let relative = absolute.strip_prefix(cwd).unwrap_or(absolute);
    if relative.as_os_str().is_empty() { ".".into() } else { relative.to_string_lossy().into_owned() }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
