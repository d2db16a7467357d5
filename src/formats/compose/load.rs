//! Loading the files of a project into one tree.

use crate::merge::{self, Home};
use crate::path::{self, Place};
use crate::read::Reader;
use crate::reset::{self, Resets};
use crate::spot::Spot;
use crate::template::{Lookup, Variables};
use crate::tree::{Dir, Tree, Val};
use crate::{canonical, dotenv};
use plimsoll_document::{Flags, Span};
use plimsoll_formats::{Budget, Comment, Files, Problem, ProblemKind, ReadError};
use plimsoll_yaml as yaml;
use std::collections::HashMap;
use std::rc::Rc;

/// Files of one project.
const MAX_SOURCES: usize = 500;
/// Times that files of one project are read: one file may be included twice.
const MAX_READS: u32 = 2000;
/// Values that aliases, `extends` and repeated includes may add to those that are written.
pub(crate) const MAX_EXPANDED: u64 = 200_000;
/// Ports that ranges of one project may stand for, each an entry of its own.
const MAX_RANGE_PORTS: usize = 20_000;

/// A file that takes part.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: Rc<str>,
    pub(crate) role: &'static str,
    parsed: bool,
    /// Whether its end could not be read.
    cut: bool,
}

/// Everything that loading gathers.
pub(crate) struct Loader<'f> {
    pub(crate) files: &'f dyn Files,
    pub(crate) sources: Vec<Source>,
    by_path: HashMap<String, u32>,
    pub(crate) dirs: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) comments: Vec<Comment>,
    /// Nodes that are not written in their place.
    pub(crate) expanded: u64,
    /// Text that is not.
    pub(crate) budget: Budget,
    /// Ports that ranges may still stand for.
    pub(crate) ports: usize,
    reads: u32,
}

/// What the files of a model share.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) dir: Dir,
    pub(crate) variables: &'s Variables,
}

impl<'f> Loader<'f> {
    pub(crate) fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            sources: vec![],
            by_path: HashMap::new(),
            dirs: vec![],
            problems: vec![],
            comments: vec![],
            expanded: 0,
            budget: Budget::default(),
            ports: MAX_RANGE_PORTS,
            reads: 0,
        }
    }

    pub(crate) fn dir(&mut self, directory: &str) -> Dir {
        let at = self.dirs.iter().position(|known| known == directory).unwrap_or_else(|| {
            self.dirs.push(directory.to_owned());
            self.dirs.len() - 1
        });
        Dir(at as u16)
    }

    pub(crate) fn directory(&self, dir: Dir) -> &str {
        self.dirs.get(usize::from(dir.0)).map_or(".", String::as_str)
    }

    pub(crate) fn problem(&mut self, kind: ProblemKind, at: Span, message: impl Into<String>) {
        let message = message.into();
        // One limit is told once, not at each of the places that it cuts off.
        if kind != ProblemKind::Limit || !self.problems.iter().any(|problem| problem.message == message) {
            self.problems.push(Problem { kind, at, message });
        }
    }

    /// A file's text as a source. A file that is not UTF-8 ends where it stops being so.
    pub(crate) fn open(&mut self, path: &str, role: &'static str) -> Result<u32, ReadError> {
        if let Some(source) = self.by_path.get(path) {
            return Ok(*source);
        }
        if self.sources.len() >= MAX_SOURCES {
            return Err(ReadError::Other(format!("a project has more than {MAX_SOURCES} files")));
        }
        let bytes = self.files.read(path)?;
        let source = self.sources.len() as u32;
        let mut cut = false;
        let text: Rc<str> = match std::str::from_utf8(&bytes) {
            Ok(text) => text.into(),
            Err(error) => {
                let end = error.valid_up_to();
                cut = true;
                self.problem(ProblemKind::Syntax, Span::new(source, end as u32, end as u32), "not UTF-8 from here on");
                String::from_utf8_lossy(&bytes[..end]).into()
            }
        };
        self.sources.push(Source { path: path.to_owned(), text, role, parsed: false, cut });
        self.by_path.insert(path.to_owned(), source);
        Ok(source)
    }

    /// Stands in for a base file that cannot be read, so that the document has a source.
    pub(crate) fn unreadable(&mut self, path: &str) {
        self.sources.push(Source { path: path.to_owned(), text: "".into(), role: "base", parsed: true, cut: true });
    }

    /// The file that a path of a Compose file names, or why it cannot be had.
    pub(crate) fn named(&self, dir: Dir, written: &str) -> Result<String, String> {
        match path::resolve(self.directory(dir), written) {
            Place::Inside(path) => Ok(path),
            Place::Outside(_) | Place::Absolute(_) | Place::Home(_) => Err(format!("{written} leads outside the project")),
        }
    }

    /// The variables of a directory's `.env`; none without that file.
    pub(crate) fn dotenv(&mut self, directory: &str, outer: &Variables) -> Variables {
        let path = path::clean(&format!("{directory}/.env"));
        let mut out = Variables::of(&self.budget);
        match self.open(&path, "dotenv") {
            Ok(source) => self.variables(source, outer, &mut out),
            Err(ReadError::Missing | ReadError::NotRegular) => {}
            Err(_) => out.open = true,
        }
        out
    }

    /// Reads a source as variables.
    pub(crate) fn variables(&mut self, source: u32, outer: &dyn Lookup, out: &mut Variables) {
        let Some(text) = self.read_again(source, out) else { return };
        if let Err(broken) = dotenv::parse(&text, source, outer, out) {
            out.open = true;
            self.problem(ProblemKind::Syntax, broken.at, broken.cause);
        }
    }

    /// Reads a source as variables of `format: raw`.
    pub(crate) fn raw_variables(&mut self, source: u32, out: &mut Variables) {
        if let Some(text) = self.read_again(source, out) {
            dotenv::parse_raw(&text, source, out);
        }
    }

    /// The text of a file of variables: every service that names one has a copy of its values.
    fn read_again(&self, source: u32, out: &mut Variables) -> Option<Rc<str>> {
        let text = &self.sources[source as usize].text;
        let fits = self.budget.afford(text.len());
        out.open |= !fits;
        fits.then(|| Rc::clone(text))
    }

    /// Several files merged in order.
    pub(crate) fn model(&mut self, paths: &[(String, &'static str)], scope: Scope<'_>, including: &mut Vec<String>) -> Tree {
        let mut merged: Option<Tree> = None;
        let mut complete = true;
        for (path, role) in paths {
            let source = match self.open(path, role) {
                Ok(source) => source,
                Err(error) => {
                    let at = Span::new(0, 0, 0);
                    self.problem(ProblemKind::File, at, format!("cannot read {path}: {error}"));
                    complete = false;
                    continue;
                }
            };
            for mut tree in self.documents(source, scope) {
                canonical::file(&mut tree, &mut self.problems, &mut self.ports);
                self.include(&mut tree, path, scope, including);
                let resets = reset::collect(&mut tree);
                if let Some(merged) = &mut merged {
                    reset::apply(merged, &resets);
                }
                self.extend_all(&mut tree, path, scope, &resets);
                let mut next = match merged.take() {
                    None => tree,
                    Some(base) => merge::merge(base, tree, Spot::Root, Home::Base),
                };
                merge::unify(&mut next, Spot::Root, &self.dirs);
                merged = Some(next);
            }
        }
        let mut merged = merged.unwrap_or_else(|| {
            let mut empty = Tree::new(Val::Map(vec![]), Span::new(0, 0, 0), scope.dir);
            empty.flags |= Flags::OPEN;
            empty
        });
        if !complete {
            leave_open(&mut merged);
        }
        merged
    }

    /// The mappings that a source holds, one per document.
    pub(crate) fn documents(&mut self, source: u32, scope: Scope<'_>) -> Vec<Tree> {
        let text = Rc::clone(&self.sources[source as usize].text);
        self.reads += 1;
        if self.reads > MAX_READS {
            self.problem(ProblemKind::Limit, Span::new(source, 0, 0), "the files of the project are included too often");
            return vec![Tree::new(Val::Map(vec![]), Span::new(source, 0, 0), scope.dir).with_flags(Flags::OPEN)];
        }
        let stream = yaml::parse(&text);
        let again = std::mem::replace(&mut self.sources[source as usize].parsed, true);
        if !again {
            self.gather(source, &text, &stream);
        }
        let mut out = vec![];
        for document in &stream.documents {
            let mut reader = Reader {
                yaml: document,
                text: &text,
                source,
                dir: scope.dir,
                variables: scope.variables,
                problems: &mut self.problems,
                expanded: &mut self.expanded,
                budget: &self.budget,
                again,
                active: vec![],
            };
            let tree = reader.read();
            match tree.value {
                Val::Map(_) => out.push(tree),
                Val::Null => {}
                _ => self.problem(ProblemKind::Syntax, tree.site, "a Compose file is a mapping"),
            }
        }
        let broken = stream.problems.iter().any(|problem| problem.kind != yaml::ProblemKind::DuplicateKey);
        if broken || self.sources[source as usize].cut {
            if let Some(last) = out.last_mut() {
                last.flags |= Flags::OPEN;
            } else {
                out.push(Tree::new(Val::Map(vec![]), Span::new(source, 0, 0), scope.dir).with_flags(Flags::OPEN));
            }
        }
        out
    }

    fn gather(&mut self, source: u32, text: &str, stream: &yaml::Stream<'_>) {
        for problem in &stream.problems {
            let kind = match problem.kind {
                yaml::ProblemKind::Template => ProblemKind::Template,
                yaml::ProblemKind::Limit => ProblemKind::Limit,
                _ => ProblemKind::Syntax,
            };
            self.problem(kind, Span::new(source, problem.at.start, problem.at.end), problem.message.clone());
        }
        let covers = yaml::Covers::new(text, stream);
        self.comments.extend(stream.comments.iter().map(|comment| Comment {
            at: Span::new(source, comment.at.start, comment.at.end),
            covers: covers.of(comment).map(|range| Span::new(source, range.start, range.end)),
        }));
    }

    /// Counts the nodes and the text of a copy; `false` if they are too many.
    pub(crate) fn afford(&mut self, copy: &Tree) -> bool {
        self.expanded += copy.size();
        self.expanded <= MAX_EXPANDED && self.budget.afford(copy.text_size())
    }
}

/// Says that a model may hold more than is shown, in each of its sections.
pub(crate) fn leave_open(model: &mut Tree) {
    model.flags |= Flags::OPEN;
    for section in SECTIONS {
        if let Some(section) = model.get_mut(section) {
            section.flags |= Flags::OPEN;
        }
    }
}

/// The sections that hold named things.
pub(crate) const SECTIONS: [&str; 7] = ["services", "jobs", "volumes", "networks", "secrets", "configs", "models"];

/// Resets of one file, for services that it extends.
pub(crate) type FileResets = Rc<Resets>;
