//! Noticing that files changed. They are looked at every now and then: that works on every file system, and with the symbolic links that a
//! mounted `ConfigMap` or `Secret` swaps.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Files of a folder that are looked at.
const MAX_FILES: usize = 10_000;

/// What a set of files looked like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stamp(BTreeMap<PathBuf, (PathBuf, u64, Option<SystemTime>)>);

impl Stamp {
    /// Looks at files, and at folders with what is in them.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        let mut stamp = Self::default();
        for path in paths {
            stamp.add(path, 0);
        }
        stamp
    }

    fn add(&mut self, path: &Path, depth: usize) {
        if self.0.len() >= MAX_FILES {
            return;
        }
        // A file that is not there is a state too: it may come.
        let Ok(data) = fs::metadata(path) else {
            self.0.insert(path.to_owned(), (PathBuf::new(), 0, None));
            return;
        };
        if data.is_dir() {
            let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
            if depth < 4 {
                entries.for_each(|entry| self.add(&entry.path(), depth + 1));
            }
            return;
        }
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.0.insert(path.to_owned(), (real, data.len(), data.modified().ok()));
    }
}
