//! An editor's unsaved texts over the disk.

use plimsoll_formats::{Entry, Files, ReadError};
use plimsoll_source::{DiskFiles, Overlay};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The texts of open documents, by absolute path: a snapshot that later edits do not touch, cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Buffers(Arc<BTreeMap<PathBuf, Arc<[u8]>>>);

impl Buffers {
    /// The text of a document, if it is open.
    pub fn get(&self, path: &Path) -> Option<Arc<[u8]>> {
        self.0.get(path).cloned()
    }

    /// Whether a document is open.
    pub fn is_open(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// The open documents.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    pub(super) fn set(&mut self, path: &Path, text: Option<Arc<[u8]>>) {
        let texts = Arc::make_mut(&mut self.0);
        match text {
            Some(text) => _ = texts.insert(path.to_owned(), text),
            None => _ = texts.remove(path),
        }
    }

    /// The files of a project as the editor sees them, each of at most `limit` bytes.
    pub(super) fn over(&self, root: &Path, limit: u64) -> Unsaved {
        let mut overlay = Overlay::new(DiskFiles::new(root, limit));
        for (path, text) in self.0.range(root.to_owned()..).take_while(|(path, _)| path.starts_with(root)) {
            if let Some(relative) = relative(root, path) {
                overlay.set(&relative, text.clone());
            }
        }
        Unsaved { overlay, limit: limit.min(DiskFiles::HARD_LIMIT) }
    }
}

/// A path as a project's files have it.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// A project's files, open documents in place of what is saved.
#[derive(Debug, Clone)]
pub(crate) struct Unsaved {
    overlay: Overlay<DiskFiles>,
    limit: u64,
}

impl Files for Unsaved {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let bytes = self.overlay.read(path)?;
        // A document that is too large is so before it is saved.
        if bytes.len() as u64 > self.limit { Err(ReadError::TooLarge(self.limit)) } else { Ok(bytes) }
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        self.overlay.list(directory)
    }

    fn is_file(&self, path: &str) -> bool {
        self.overlay.is_file(path)
    }
}
