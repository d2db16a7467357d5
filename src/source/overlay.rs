//! Unsaved buffers over other files.

use plimsoll_formats::{Entry, Files, ReadError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An editor's unsaved buffers, or standard input under its `--stdin-filename`, over the files of a project.
#[derive(Debug, Clone)]
pub struct Overlay<F> {
    base: F,
    buffers: BTreeMap<String, Arc<[u8]>>,
}

impl<F: Files> Overlay<F> {
    /// No buffer yet.
    pub const fn new(base: F) -> Self {
        Self { base, buffers: BTreeMap::new() }
    }

    /// Puts a buffer in place of the file at `path`, which need not exist.
    pub fn set(&mut self, path: &str, text: impl Into<Arc<[u8]>>) {
        self.buffers.insert(path.to_owned(), text.into());
    }

    /// Shows the file below again.
    pub fn clear(&mut self, path: &str) {
        self.buffers.remove(path);
    }

    /// What lies below.
    pub const fn base(&self) -> &F {
        &self.base
    }
}

impl<F: Files> Files for Overlay<F> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.buffers.get(path).map_or_else(|| self.base.read(path), |text| Ok(text.clone()))
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let prefix = if directory.is_empty() || directory == "." { String::new() } else { format!("{}/", directory.trim_end_matches('/')) };
        let added =
            self.buffers.range(prefix.clone()..).map_while(|(path, _)| path.strip_prefix(&prefix)).map(|rest| match rest.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), directory: true },
                None => Entry { name: rest.to_owned(), directory: false },
            });
        let mut entries: Vec<Entry> = added.collect();
        let base = self.base.list(directory);
        if entries.is_empty() {
            return base;
        }
        entries.extend(base.unwrap_or_default());
        entries.sort_unstable();
        entries.dedup_by(|a, b| a.name == b.name);
        Some(entries)
    }

    fn is_file(&self, path: &str) -> bool {
        self.buffers.contains_key(path) || self.base.is_file(path)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use plimsoll_formats::NoFiles;

    #[test]
    fn buffers_win_and_are_listed() {
        let mut overlay = Overlay::new(NoFiles);
        overlay.set("a/b/Dockerfile", *b"FROM x");
        overlay.set("a/c", *b"");
        assert_eq!(overlay.read("a/b/Dockerfile").unwrap().as_ref(), b"FROM x");
        assert_eq!(overlay.read("z"), Err(ReadError::Missing));
        let names: Vec<_> = overlay.list("a").unwrap().into_iter().map(|entry| (entry.name, entry.directory)).collect();
        assert_eq!(names, [("b".to_owned(), true), ("c".to_owned(), false)]);
        assert_eq!(overlay.list("").unwrap().len(), 1);
        assert!(overlay.list("nowhere").is_none());
        overlay.clear("a/c");
        assert!(!overlay.is_file("a/c") && overlay.is_file("a/b/Dockerfile"));
    }
}
