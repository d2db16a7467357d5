//! The disk behind the one door to files.

use plimsoll_formats::{Entry, Files, ReadError};
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Files below a project's root. What leads outside it after resolving links, is no regular file, or is larger than the limit is refused.
#[derive(Debug, Clone)]
pub struct DiskFiles {
    root: PathBuf,
    /// The root, links resolved: once somebody asks.
    resolved: OnceLock<PathBuf>,
    limit: u64,
}

impl DiskFiles {
    /// Size above which a file is refused unless the configuration says otherwise.
    pub const DEFAULT_LIMIT: u64 = 20 * 1024 * 1024;
    /// Size above which a file is refused whatever the configuration says: a scanned repository must not exhaust memory.
    pub const HARD_LIMIT: u64 = 100 * 1024 * 1024;

    /// Files below `root`, each of at most `limit` bytes.
    pub fn new(root: &Path, limit: u64) -> Self {
        Self { root: root.to_owned(), resolved: OnceLock::new(), limit: limit.min(Self::HARD_LIMIT) }
    }

    /// The root, links resolved.
    pub fn root(&self) -> &Path {
        // A root that cannot be resolved cannot be read either, so every read says why.
        self.resolved.get_or_init(|| self.root.canonicalize().unwrap_or_else(|_| self.root.clone()))
    }

    /// Where a path of the project lies, links below the root resolved; refused outside the root.
    pub fn resolve(&self, path: &str) -> Result<PathBuf, ReadError> {
        self.find(path).map(|(place, _)| place)
    }

    /// As [`Self::resolve`], with what is known of the place by then.
    fn find(&self, path: &str) -> Result<(PathBuf, Option<Metadata>), ReadError> {
        let relative = Path::new(path);
        if path.contains('\0') || relative.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(ReadError::Outside);
        }
        // Where no part below the root is a link nothing leads out of it: one question a part, not one for every directory from `/` down.
        let (mut plain, mut known) = (self.root.clone(), None);
        for part in relative.components().filter(|part| matches!(part, Component::Normal(_))) {
            plain.push(part);
            let metadata = known.insert(plain.symlink_metadata().map_err(|error| read_error(&error))?);
            if metadata.is_symlink() {
                let root = self.root();
                let resolved = root.join(relative).canonicalize().map_err(|error| read_error(&error))?;
                return if resolved.starts_with(root) { Ok((resolved, None)) } else { Err(ReadError::Outside) };
            }
        }
        Ok((plain, known))
    }
}

/// Reads a whole regular file of at most `limit` bytes. Its type is asked before it is opened, because opening a FIFO waits for a writer.
pub fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let metadata = path.metadata().map_err(|error| read_error(&error))?;
    read_known(path, &metadata, limit)
}

fn read_known(path: &Path, metadata: &Metadata, limit: u64) -> Result<Vec<u8>, ReadError> {
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    if metadata.len() > limit {
        return Err(ReadError::TooLarge(limit));
    }
    let mut bytes = vec![0; metadata.len() as usize + 1];
    let read = File::open(path).and_then(|mut file| {
        let length = loop {
            match file.read(&mut bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        bytes.truncate(length);
        // As long as it says, and not a byte more: what nearly every file is.
        if length as u64 == metadata.len() && length > 0 {
            return Ok(length);
        }
        // Read one byte past the limit: the file may grow, or be one of those that claim to be empty.
        file.take(limit + 1 - length as u64).read_to_end(&mut bytes)
    });
    read.map_err(|error| read_error(&error))?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
}

fn read_error(error: &std::io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::Missing,
        ErrorKind::PermissionDenied => ReadError::Other("permission denied".into()),
        _ => ReadError::Other(error.to_string()),
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let (place, known) = self.find(path)?;
        known.map_or_else(|| read_regular(&place, self.limit), |metadata| read_known(&place, &metadata, self.limit)).map(Into::into)
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let resolved = self.resolve(directory).ok()?;
        let mut entries: Vec<Entry> = std::fs::read_dir(resolved)
            .ok()?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name().into_string().ok()?;
                let kind = entry.file_type().ok()?;
                let directory = if kind.is_symlink() { entry.path().is_dir() } else { kind.is_dir() };
                Some(Entry { name, directory })
            })
            .collect();
        entries.sort_unstable();
        Some(entries)
    }

    fn is_file(&self, path: &str) -> bool {
        self.find(path).is_ok_and(|(place, known)| known.map_or_else(|| place.is_file(), |metadata| metadata.is_file()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_and_dots_do_not_lead_outside() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "s").unwrap();
        let inside = tempfile::tempdir().unwrap();
        std::fs::create_dir(inside.path().join("a")).unwrap();
        std::fs::write(inside.path().join("a/f"), "f").unwrap();
        std::os::unix::fs::symlink(outside.path(), inside.path().join("out")).unwrap();
        std::os::unix::fs::symlink("a/f", inside.path().join("link")).unwrap();
        std::os::unix::fs::symlink("loop", inside.path().join("loop")).unwrap();
        let files = DiskFiles::new(inside.path(), 100);
        assert_eq!(files.read("out/secret"), Err(ReadError::Outside));
        assert_eq!(files.read("a/../../x"), Err(ReadError::Outside));
        assert_eq!(files.read("/etc/hostname"), Err(ReadError::Outside));
        assert_eq!(files.read("link").unwrap().as_ref(), b"f");
        assert_eq!(files.read("a"), Err(ReadError::NotRegular));
        assert_eq!(files.read("a/f/g"), Err(ReadError::Missing));
        assert!(matches!(files.read("loop"), Err(ReadError::Other(_))));
        assert!(files.list("out").is_none());
        assert_eq!(files.list("").unwrap().len(), 4);
        assert!(files.is_file("a/f") && !files.is_file("a") && !files.is_file("out/secret"));
    }

    #[test]
    fn large_file_is_refused_with_the_limit() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("f"), [b'a'; 11]).unwrap();
        assert_eq!(DiskFiles::new(directory.path(), 10).read("f"), Err(ReadError::TooLarge(10)));
        assert_eq!(DiskFiles::new(directory.path(), 11).read("f").unwrap().len(), 11);
    }
}
