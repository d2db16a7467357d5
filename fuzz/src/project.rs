//! One input, several files.

use plimsoll_document::KeyTable;
use plimsoll_formats::{Entry, Files, ReadError};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Files in memory.
#[derive(Clone, Debug)]
pub struct Project(pub BTreeMap<String, Arc<[u8]>>);

impl Project {
    /// Reads an input: the bytes of `first`, then for every line `=== NAME` those of another file. A name that comes again adds to its file.
    pub fn read(first: &str, input: &[u8]) -> Self {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::from([(first.to_owned(), vec![])]);
        let mut name = first.to_owned();
        for line in input.split_inclusive(|byte| *byte == b'\n') {
            let named = line.strip_prefix(b"=== ").and_then(|rest| std::str::from_utf8(rest).ok()).map(str::trim);
            match named.filter(|named| !named.is_empty()) {
                Some(named) => name = named.to_owned(),
                None => files.entry(name.clone()).or_default().extend_from_slice(line),
            }
        }
        Self(files.into_iter().map(|(name, bytes)| (name, bytes.into())).collect())
    }
}

impl Files for Project {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let prefix = if matches!(directory, "" | ".") { String::new() } else { format!("{directory}/") };
        let below = self.0.keys().filter_map(|path| path.strip_prefix(&prefix));
        let mut entries: Vec<Entry> = below
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), directory: true },
                None => Entry { name: rest.to_owned(), directory: false },
            })
            .collect();
        entries.sort();
        entries.dedup();
        Some(entries)
    }
}

/// The schema's keys; the table never changes, so it is made once.
pub fn keys() -> &'static KeyTable {
    static KEYS: OnceLock<KeyTable> = OnceLock::new();
    KEYS.get_or_init(KeyTable::new)
}
