//! What is wrong with a configuration.

use crate::Origin;
use plimsoll_finding::{Location, Notice, NoticeKind, Position, Range};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Something wrong at one place of a configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where.
    pub origin: Origin,
    /// One sentence without a full stop.
    pub message: String,
    /// Whether the run cannot go on (exit code 2); else it is a warning.
    pub error: bool,
}

impl Problem {
    /// A problem that ends the run.
    pub fn error(origin: &Origin, message: impl Into<String>) -> Self {
        Self { origin: origin.clone(), message: message.into(), error: true }
    }

    /// A problem that is told and passed over.
    pub fn warning(origin: &Origin, message: impl Into<String>) -> Self {
        Self { origin: origin.clone(), message: message.into(), error: false }
    }

    /// As a notice, with the path as `shown` words it.
    pub fn notice(&self, shown: &dyn Fn(&Path) -> String) -> Notice {
        let at = match &self.origin {
            Origin::File { path, start, end, line, column } => {
                let first = Position { line: *line, column: *column, offset: *start };
                // The end is known in bytes; a range on one line is enough to point at a value.
                let last = Position { line: *line, column: *column, offset: *end };
                Some(Location { path: Arc::from(shown(path)), range: Range { start: first, end: last } })
            }
            _ => None,
        };
        Notice { kind: NoticeKind::Config, at, message: self.message.clone(), incomplete: false }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::File { path, line, column, .. } => write!(f, "{}:{line}:{column}: {}", path.display(), self.message),
            Origin::CommandLine => write!(f, "command line: {}", self.message),
            Origin::Default => f.write_str(&self.message),
        }
    }
}
