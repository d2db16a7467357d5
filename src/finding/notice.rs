//! What a run could not do.

use crate::Location;

/// Something that is no finding: a file that did not parse, a limit, a plugin's trouble.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// Where, if a file is concerned. Paths without a range (an unreadable file) have the range 1:1 to 1:1.
    pub at: Option<Location>,
    /// One sentence with cause and remedy, without a full stop.
    pub message: String,
    /// Whether the run is incomplete because of it (exit code 4).
    pub incomplete: bool,
}

/// Kinds of notice, as the json format names them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// A file of ours did not parse.
    Parse,
    /// A template, which is not judged.
    Template,
    /// A limit was hit.
    Limit,
    /// A plugin failed, or said something.
    Plugin,
    /// Something in the configuration.
    Config,
    /// A file could not be read or written.
    Io,
}

impl NoticeKind {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Template => "template",
            Self::Limit => "limit",
            Self::Plugin => "plugin",
            Self::Config => "config",
            Self::Io => "io",
        }
    }
}
