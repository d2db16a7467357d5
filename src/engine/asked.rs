//! What a job asked the disk for, so that it is judged again when one of the answers changes.

use plimsoll_formats::{Entry, Files, ReadError};
use plimsoll_source::Seen;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Paths that a job's verdict depends on, relative to its project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Their content, or that there is none.
    read: BTreeSet<Box<str>>,
    /// Whether they exist.
    sought: BTreeSet<Box<str>>,
    /// What lies in them; the root is empty.
    listed: BTreeSet<Box<str>>,
    /// Whether something could not be read for a reason that may be gone the next time.
    failed: bool,
}

impl Asked {
    /// Whether the text of this file matters.
    pub(crate) fn reads(&self, path: &str) -> bool {
        self.read.contains(path)
    }

    /// Whether it matters that this file comes or goes.
    pub(crate) fn minds(&self, path: &str) -> bool {
        let mut folders = std::iter::successors(Some(path), |path| if path.is_empty() { None } else { Some(crate::load::directory(path)) });
        let below = format!("{path}/");
        let inside = |set: &BTreeSet<Box<str>>| {
            set.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded)).next().is_some_and(|next| next.starts_with(&below))
        };
        self.read.contains(path)
            || self.sought.contains(path)
            || folders.any(|folder| folder != path && self.listed.contains(folder))
            || inside(&self.read)
            || inside(&self.listed)
    }

    /// Adds a file whose text matters.
    pub(crate) fn read(&mut self, path: &str) {
        self.read.insert(path.into());
    }

    /// Whether every answer holds as long as no file changes.
    pub(crate) const fn is_steady(&self) -> bool {
        !self.failed
    }

    /// Says where on the disk these paths of a project are.
    pub(crate) fn see(&self, root: &Path, seen: &mut Seen) {
        self.read.iter().for_each(|path| seen.look_at(root.join(&**path)));
        self.sought.iter().for_each(|path| seen.seek(root.join(&**path)));
        self.listed.iter().for_each(|path| seen.list(root.join(&**path)));
    }

    /// The files whose text matters.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.read.iter().map(AsRef::as_ref)
    }
}

/// Files that remember what they were asked for.
pub(crate) struct Witness<'a> {
    files: &'a dyn Files,
    asked: Mutex<Asked>,
}

impl<'a> Witness<'a> {
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self { files, asked: Mutex::default() }
    }

    pub(crate) fn into_asked(self) -> Asked {
        self.asked.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Witness<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let read = self.files.read(path);
        let mut note = self.note();
        note.read.insert(path.into());
        note.failed |= matches!(read, Err(ReadError::Other(_)));
        read
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let plain = if directory == "." { "" } else { directory.trim_end_matches('/') };
        self.note().listed.insert(plain.into());
        self.files.list(directory)
    }

    fn is_file(&self, path: &str) -> bool {
        self.note().sought.insert(path.into());
        self.files.is_file(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_formats::NoFiles;

    #[test]
    fn what_was_asked_for_is_minded() {
        let witness = Witness::new(&NoFiles);
        _ = witness.read("a/Dockerfile");
        _ = witness.is_file("a/compose.yaml");
        _ = witness.list("a/src/");
        let asked = witness.into_asked();
        assert!(asked.reads("a/Dockerfile") && !asked.reads("a/compose.yaml"));
        assert!(asked.minds("a/Dockerfile") && asked.minds("a/compose.yaml"));
        assert!(asked.minds("a/src/x") && asked.minds("a/src/deep/er/x"));
        assert!(!asked.minds("a/src") && !asked.minds("b"));
    }

    #[test]
    fn the_root_holds_everything() {
        let witness = Witness::new(&NoFiles);
        _ = witness.list(".");
        assert!(witness.into_asked().minds("a/b"));
    }
}
