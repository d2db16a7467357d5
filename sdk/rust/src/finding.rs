//! What a check says, as it travels to the host.

use plimsoll_document::{OpKind, Span};

/// A place in one source of one document of the unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct At {
    /// Index into the unit's documents.
    pub document: u32,
    /// Where in it.
    pub span: Span,
}

/// A defect.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Index of the rule in the manifest.
    pub rule: u32,
    /// A lower severity than the rule's own, if the rule says so.
    pub severity: Option<u8>,
    /// One sentence.
    pub message: String,
    /// The judged node, in the first document.
    pub node: u32,
    /// What to point at.
    pub at: At,
    /// Other places.
    pub related: Vec<(At, String)>,
    /// Text that must not be shown.
    pub secrets: Vec<At>,
    /// Ways to mend it.
    pub fixes: Vec<RawFix>,
}

/// A fix whose nodes are numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct RawFix {
    /// What it does.
    pub title: String,
    /// Whether it keeps what the author meant.
    pub safe: bool,
    /// The changes.
    pub ops: Vec<RawOp>,
}

/// A structural change whose node is a number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawOp {
    /// What it does.
    pub kind: OpKind,
    /// Index into the unit's documents.
    pub document: u32,
    /// The node that `key` starts from.
    pub node: u32,
    /// JSON Pointer below the node, or a file's path.
    pub key: String,
    /// JSON of the value, or plain text.
    pub text: String,
}

/// Severities, to lower a finding's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Worth knowing.
    Info = 0,
    /// A small defect.
    Low = 1,
    /// A defect.
    Medium = 2,
    /// A serious defect.
    High = 3,
    /// Must not ship.
    Critical = 4,
}
