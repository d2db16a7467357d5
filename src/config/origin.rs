//! Where a setting comes from.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Who decided a setting.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Origin {
    /// Nobody: it is as Plimsoll comes.
    #[default]
    Default,
    /// A configuration file.
    File {
        /// Which.
        path: Arc<Path>,
        /// Bytes of the value in it.
        start: u32,
        /// One past its last byte.
        end: u32,
        /// Its line, from 1.
        line: u32,
        /// Its column in Unicode scalar values, from 1.
        column: u32,
    },
    /// A flag or environment variable.
    CommandLine,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line, .. } => write!(f, "{}:{line}", path.display()),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// A value and who decided it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value set at `origin`.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A value given on the command line.
    pub const fn command_line(value: T) -> Self {
        Self { value, origin: Origin::CommandLine }
    }
}
