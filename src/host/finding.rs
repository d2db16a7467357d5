//! What plugins return, in the numbers of the unit. Checked against it: every index and span of a finding that leaves this crate is valid.

use plimsoll_document::Span;
use wasmtime::component::{ComponentType, Lift};

/// Byte offsets into one source of one document of the unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, ComponentType, Lift)]
#[component(record)]
pub struct RawSpan {
    /// Index into the unit's documents.
    pub document: u32,
    /// Index into that document's sources.
    pub source: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl RawSpan {
    /// The span within its document.
    pub const fn span(self) -> Span {
        Span::new(self.source, self.start, self.end)
    }
}

/// Another place that matters to a finding.
#[derive(Clone, PartialEq, Eq, Debug, ComponentType, Lift)]
#[component(record)]
pub struct RawRelated {
    /// Where.
    pub at: RawSpan,
    /// What it has to do with it.
    pub label: String,
}

/// One structural change.
#[derive(Clone, PartialEq, Eq, Debug, ComponentType, Lift)]
#[component(record)]
pub struct RawOp {
    /// 0 set, 1 insert-before, 2 insert-after, 3 append, 4 remove, 5 rename, 6 replace-source, 7 create-file.
    pub kind: u8,
    /// Index into the unit's documents.
    pub document: u32,
    /// The node that `key` starts from.
    pub node: u32,
    /// JSON Pointer below the node; for create-file a path, not checked here.
    pub key: String,
    /// JSON, or plain text for replace-source and create-file; not checked here.
    pub text: String,
}

/// A way to mend a finding.
#[derive(Clone, PartialEq, Eq, Debug, ComponentType, Lift)]
#[component(record)]
pub struct RawFix {
    /// What it does.
    pub title: String,
    /// 0 safe, 1 unsafe.
    pub applicability: u8,
    /// All are made or none.
    pub ops: Vec<RawOp>,
}

/// A defect.
#[derive(Clone, PartialEq, Eq, Debug, ComponentType, Lift)]
#[component(record)]
pub struct RawFinding {
    /// Index into the manifest's rules; one of those that were enabled.
    pub rule: u32,
    /// 0 to 4, if it differs from the rule's own. Whether it is lower is for the caller to see, who knows the rule's.
    pub severity: Option<u8>,
    /// One sentence, not yet escaped or masked.
    pub message: String,
    /// The judged node, in the unit's first document.
    pub node: u32,
    /// What to point at.
    pub at: RawSpan,
    /// Other places.
    pub related: Vec<RawRelated>,
    /// Text that must not be shown anywhere.
    pub secrets: Vec<RawSpan>,
    /// Ways to mend it, best first.
    pub fixes: Vec<RawFix>,
}

impl RawFinding {
    /// What it counts towards the limit on results.
    pub(crate) fn bytes(&self) -> usize {
        const RECORD: usize = 32;
        let related: usize = self.related.iter().map(|related| RECORD + related.label.len()).sum();
        let op = |op: &RawOp| RECORD + op.key.len() + op.text.len();
        let fix = |fix: &RawFix| RECORD + fix.title.len() + fix.ops.iter().map(op).sum::<usize>();
        RECORD + self.message.len() + related + RECORD * self.secrets.len() + self.fixes.iter().map(fix).sum::<usize>()
    }
}
