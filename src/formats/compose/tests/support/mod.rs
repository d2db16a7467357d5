//! Folders and texts as files, the reference implementation, the corpus.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use plimsoll_document::KeyTable;
use plimsoll_formats::{Entry, Files, Parsed, ReadError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files below a folder.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let path = self.0.join(path);
        if path.is_dir() {
            return Err(ReadError::NotRegular);
        }
        std::fs::read(path).map(Into::into).map_err(|_| ReadError::Missing)
    }

    fn list(&self, _: &str) -> Option<Vec<Entry>> {
        None
    }
}

/// Files in memory.
#[derive(Default, Clone, Debug)]
pub(crate) struct Texts(pub(crate) BTreeMap<String, String>);

impl Texts {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// Writes them below a folder.
    pub(crate) fn write(&self, folder: &Path) {
        for (path, text) in &self.0 {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.0.get(path).map(|text| text.as_bytes().into()).ok_or(ReadError::Missing)
    }

    fn list(&self, _: &str) -> Option<Vec<Entry>> {
        None
    }
}

pub(crate) fn parse(path: &str, files: &dyn Files) -> Parsed {
    let keys = KeyTable::new();
    plimsoll_compose::parse(&plimsoll_compose::Input { path, keys: &keys, files })
}

/// The corpus, if it is there.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if folder.is_dir() {
        return Some(folder.canonicalize().unwrap());
    }
    eprintln!("SKIPPED: the corpus is not here");
    None
}
