//! Compiled third-party plugins on disk.
//!
//! A file here is native code, so the directory must be the user's alone. One that is not is left alone, and the plugin compiled anew.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The directory, once it is known to be safe.
#[derive(Debug)]
pub(crate) struct Cache {
    dir: PathBuf,
    compatibility: u64,
}

impl Cache {
    /// Opens the directory, creating it with mode 0700; the error says why it cannot be used.
    pub(crate) fn open(dir: &Path, compatibility: u64) -> Result<Self, String> {
        create(dir).map_err(|error| format!("cannot create {}: {error}", dir.display()))?;
        private(dir)?;
        Ok(Self { dir: dir.to_owned(), compatibility })
    }

    /// Where the native code of a component with this digest is, or would be.
    pub(crate) fn file(&self, digest: &str) -> PathBuf {
        self.dir.join(format!("{digest}-{:016x}.cwasm", self.compatibility))
    }

    /// Puts native code in place whole: readers see the old file, none, or all of the new one.
    pub(crate) fn store(&self, digest: &str, native: &[u8]) -> std::io::Result<()> {
        let file = self.file(digest);
        let half = self.dir.join(format!(".{digest}-{}.tmp", std::process::id()));
        let write = || {
            let mut out = fs::OpenOptions::new().write(true).create_new(true).open(&half)?;
            out.write_all(native)?;
            out.sync_all()?;
            fs::rename(&half, &file)
        };
        write().inspect_err(|_| {
            let _ = fs::remove_file(&half);
        })
    }
}

/// SHA-256 in lowercase hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0'));
    Sha256::digest(bytes).iter().flat_map(|byte| digits(*byte)).collect()
}

#[cfg(unix)]
fn create(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn create(dir: &Path) -> std::io::Result<()> {
    fs::create_dir_all(dir)
}

/// A directory, no link, of this user, that nobody else may write.
#[cfg(unix)]
fn private(dir: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;
    let data = fs::symlink_metadata(dir).map_err(|error| format!("cannot look at {}: {error}", dir.display()))?;
    if !data.is_dir() {
        return Err(format!("{} is not a directory", dir.display()));
    }
    if data.uid() != rustix::process::geteuid().as_raw() {
        return Err(format!("{} belongs to another user", dir.display()));
    }
    if data.mode() & 0o022 != 0 {
        return Err(format!("others may write to {}", dir.display()));
    }
    Ok(())
}

/// Elsewhere the user's own profile directory, where caches lie, is private already.
#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), String> {
    Ok(())
}
