//! The one door to files, so that an editor's unsaved buffer, a test and the disk look the same.

use std::sync::Arc;

/// Reads files of one project. Paths are relative to the project root, `/`-separated, without `.` and `..` components; an implementation
/// refuses what leads outside the root after resolving links.
pub trait Files: Sync {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError>;
    /// The entries of a directory, sorted by name; `None` if it cannot be listed.
    fn list(&self, directory: &str) -> Option<Vec<Entry>>;
    /// Whether a regular file stands at `path`.
    fn is_file(&self, path: &str) -> bool {
        self.read(path).is_ok()
    }
}

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// File name.
    pub name: String,
    /// Whether it is a directory (links resolved).
    pub directory: bool,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is none.
    Missing,
    /// The path leads outside the project root.
    Outside,
    /// It is a directory, a FIFO, a device or a socket.
    NotRegular,
    /// It is larger than the limit, in bytes.
    TooLarge(u64),
    /// Anything else, as the system words it.
    Other(String),
}

impl core::fmt::Display for ReadError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Missing => f.write_str("no such file"),
            Self::Outside => f.write_str("leads outside the project"),
            Self::NotRegular => f.write_str("not a regular file"),
            Self::TooLarge(limit) => write!(f, "larger than the limit of {limit} bytes"),
            Self::Other(cause) => f.write_str(cause),
        }
    }
}

impl core::error::Error for ReadError {}

/// A project without other files: what stdin and admission see.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<Arc<[u8]>, ReadError> {
        Err(ReadError::Missing)
    }

    fn list(&self, _: &str) -> Option<Vec<Entry>> {
        None
    }
}
