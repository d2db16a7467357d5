//! Files become units of work.

use crate::lines::LineIndex;
use plimsoll_document::{Document, KeyTable};
use plimsoll_finding::{Notice, NoticeKind};
use plimsoll_formats::{Comment, Files, Parsed, Problem, ProblemKind};
use plimsoll_source::FileKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is parsed and judged in one go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Job {
    /// A Dockerfile.
    Dockerfile(String),
    /// A Compose project, by its base file.
    Compose(String),
    /// A file of Kubernetes objects: one unit per object.
    Kubernetes(String),
    /// A Terraform module: its directory and its files.
    Terraform(String, Vec<String>),
}

impl Job {
    /// The path that orders jobs and names them in notices.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Dockerfile(path) | Self::Compose(path) | Self::Kubernetes(path) | Self::Terraform(path, _) => path,
        }
    }

    /// `docker`, `compose`, `kubernetes` or `terraform`.
    pub(crate) const fn target(&self) -> &'static str {
        match self {
            Self::Dockerfile(_) => "docker",
            Self::Compose(_) => "compose",
            Self::Kubernetes(_) => "kubernetes",
            Self::Terraform(..) => "terraform",
        }
    }
}

/// A job's parsed content.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The documents that are judged, one unit each.
    pub(crate) documents: Vec<Document>,
    /// Of a Kubernetes file: which documents stand and fall with which part of it. Without those parts that could not all be read.
    pub(crate) parts: Vec<plimsoll_kubernetes::Part>,
    /// Comments, with the path of the source they are in.
    pub(crate) comments: Vec<(String, Comment)>,
    /// What could not be read.
    pub(crate) notices: Vec<Notice>,
}

/// What settings and relations say about Dockerfiles.
#[derive(Debug, Clone, Default)]
pub(crate) struct DockerSettings {
    /// Stages that are shipped besides the last.
    pub(crate) targets: Vec<String>,
    /// Build context of every Dockerfile, if settings give one.
    pub(crate) context: Option<String>,
    /// Build arguments.
    pub(crate) args: Vec<(String, String)>,
}

/// Groups files into jobs, in order of path. An override belongs to its base, module files to their directory.
pub(crate) fn jobs(files: &[(String, FileKind)], all: &dyn Files) -> Vec<Job> {
    let mut jobs = BTreeSet::new();
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, kind) in files {
        match kind {
            FileKind::Dockerfile => _ = jobs.insert(Job::Dockerfile(path.clone())),
            FileKind::Compose => _ = jobs.insert(Job::Compose(compose_base(path, all))),
            FileKind::Kubernetes => _ = jobs.insert(Job::Kubernetes(path.clone())),
            FileKind::Terraform | FileKind::TerraformVars => {
                _ = modules.entry(directory(path).to_owned()).or_default().insert(path.clone());
            }
            FileKind::Unknown => {}
        }
    }
    for (directory, _) in modules {
        // Naming one file of a module still judges the module: what a file says depends on its siblings.
        let files = module_files(&directory, all);
        if !files.is_empty() {
            jobs.insert(Job::Terraform(directory, files));
        }
    }
    let mut jobs: Vec<Job> = jobs.into_iter().collect();
    jobs.sort_by(|a, b| a.path().cmp(b.path()));
    jobs
}

/// The directory of a path, empty for the root.
pub(crate) fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn module_files(directory: &str, all: &dyn Files) -> Vec<String> {
    let join = |name: &str| if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
    let entries = all.list(directory).unwrap_or_default();
    entries
        .iter()
        .filter(|entry| !entry.directory && plimsoll_terraform::looks_like_name(&entry.name))
        .map(|entry| join(&entry.name))
        .collect()
}

/// The base file of a Compose file: itself, unless it is an override that stands beside one.
fn compose_base(path: &str, all: &dyn Files) -> String {
    let (directory, name) = path.rsplit_once('/').map_or(("", path), |(directory, name)| (directory, name));
    if let Some((stem, _)) = name.split_once(".override.") {
        let bases = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
        for base in bases.iter().filter(|base| base.starts_with(stem)) {
            let candidate = if directory.is_empty() { (*base).to_owned() } else { format!("{directory}/{base}") };
            if all.is_file(&candidate) {
                return candidate;
            }
        }
    }
    path.to_owned()
}

/// Reads and parses a job.
pub(crate) fn load(job: &Job, keys: &KeyTable, files: &dyn Files, docker: &DockerSettings) -> Loaded {
    let mut loaded = Loaded { documents: vec![], parts: vec![], comments: vec![], notices: vec![] };
    match job {
        Job::Dockerfile(path) => {
            if let Some(text) = text_of(path, files, &mut loaded.notices) {
                loaded.take(dockerfile(path, &text, keys, files, docker));
            }
        }
        Job::Compose(path) => {
            if text_of(path, files, &mut loaded.notices).is_some() {
                loaded.take(plimsoll_compose::parse(&plimsoll_compose::Input { path, keys, files }));
            }
        }
        Job::Kubernetes(path) => {
            if let Some(text) = text_of(path, files, &mut loaded.notices) {
                let file = plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path, text: &text, keys });
                loaded.problems(&file.problems, |_| LineIndex::new(path, &text));
                loaded.comments = file.comments.into_iter().map(|comment| (path.clone(), comment)).collect();
                loaded.documents = file.objects;
                loaded.parts = file.parts;
                loaded.parts.retain(|part| part.intact);
            }
        }
        Job::Terraform(directory, paths) => {
            let input = plimsoll_terraform::Input { directory, files_in_module: paths, keys, files };
            loaded.take(plimsoll_terraform::parse(input));
        }
    }
    loaded
}

/// Parses a Dockerfile under the project's settings.
pub(crate) fn dockerfile(path: &str, text: &str, keys: &KeyTable, files: &dyn Files, docker: &DockerSettings) -> Parsed {
    plimsoll_dockerfile::parse(&plimsoll_dockerfile::Input {
        path,
        text,
        context: docker.context.as_deref(),
        shipped: &docker.targets,
        args: &docker.args,
        keys,
        files,
    })
}

impl Loaded {
    fn take(&mut self, parsed: Parsed) {
        let Parsed { document, comments, problems } = parsed;
        self.problems(&problems, |source| source_lines(&document, source));
        let uri = |source: u32| document.sources.get(source as usize).map_or_else(String::new, |source| source.uri.clone());
        self.comments = comments.into_iter().map(|comment| (uri(comment.at.source), comment)).collect();
        self.documents = vec![document];
    }

    fn problems(&mut self, problems: &[Problem], lines: impl Fn(u32) -> LineIndex) {
        let mut indexes: BTreeMap<u32, LineIndex> = BTreeMap::new();
        for problem in problems {
            let index = indexes.entry(problem.at.source).or_insert_with(|| lines(problem.at.source));
            let (kind, incomplete) = match problem.kind {
                ProblemKind::Syntax => (NoticeKind::Parse, true),
                ProblemKind::Template => (NoticeKind::Template, false),
                ProblemKind::Limit => (NoticeKind::Limit, true),
                ProblemKind::File => (NoticeKind::Io, false),
            };
            let at = Some(index.location(problem.at.start, problem.at.end));
            self.notices.push(Notice { kind, at, message: problem.message.clone(), incomplete });
        }
    }
}

/// The line index of one of a document's sources.
pub(crate) fn source_lines(document: &Document, source: u32) -> LineIndex {
    let uri = document.sources.get(source as usize).map_or("", |source| source.uri.as_str());
    LineIndex::new(uri, document.source_text(source))
}

/// A file's text, or a notice about why there is none.
pub(crate) fn text_of(path: &str, files: &dyn Files, notices: &mut Vec<Notice>) -> Option<Arc<str>> {
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let kind = if matches!(error, plimsoll_formats::ReadError::TooLarge(_)) { NoticeKind::Limit } else { NoticeKind::Io };
            let at = Some(LineIndex::new(path, "").location(0, 0));
            notices.push(Notice { kind, at, message: format!("cannot read the file: {error}"), incomplete: true });
            return None;
        }
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => Some(text.into()),
        Err(error) => {
            let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            let at = Some(LineIndex::new(path, valid).location(error.valid_up_to() as u32, error.valid_up_to() as u32));
            notices.push(Notice {
                kind: NoticeKind::Parse,
                at,
                message: "not UTF-8 text; save the file as UTF-8".to_owned(),
                incomplete: true,
            });
            None
        }
    }
}
