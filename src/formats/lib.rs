//! What every format's parser takes and gives: files in, a document with its comments and problems out.
//!
//! Each format is a crate of its own below this folder (`dockerfile`, `yaml`, `compose`, `kubernetes`, `terraform`), so that touching one
//! rebuilds one. Formats know nothing of rules.

mod budget;
mod files;
mod image;

pub use budget::Budget;
pub use files::{Entry, Files, NoFiles, ReadError};
pub use image::{ImageParts, split_image};
use plimsoll_document::{Builder, Document, Span};

/// A parsed document with what else its sources hold.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The tree. A broken source still gives one: its intact parts, with everything that encloses the error open.
    pub document: Document,
    /// Every comment, in order, for waivers. Spans name the document's sources.
    pub comments: Vec<Comment>,
    /// What could not be read, in order.
    pub problems: Vec<Problem>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The whole comment, marker included, line end excluded. One comment per line; a block comment is one comment.
    pub at: Span,
    /// What a waiver in this comment covers: the next instruction, entry or block, whole, or (YAML, HCL) the one it stands behind.
    /// `None` where nothing follows.
    pub covers: Option<Span>,
}

/// Why something of a source is not in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// Where; zero-width at the start of the source if nothing narrower is known.
    pub at: Span,
    /// The cause, a lowercase fragment: `unterminated heredoc EOF`.
    pub message: String,
}

/// Kinds of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The source does not follow its format's grammar here.
    Syntax,
    /// The source is a template (Helm, Jinja, Go): not judged, and no error.
    Template,
    /// A limit was hit (depth, size, alias expansion).
    Limit,
    /// Another file that this one names could not be read (missing `env_file`, `extends` outside the project).
    File,
}

/// Nesting beyond which every parser refuses with [`ProblemKind::Limit`] instead of recursing further.
pub const MAX_DEPTH: u32 = 200;
/// Nodes beyond which a document is refused with [`ProblemKind::Limit`] (alias and merge expansion included).
pub const MAX_NODES: u32 = 2_000_000;
/// Bytes of text beyond which a document is refused with [`ProblemKind::Limit`], counting what does not stand in a source as it is. The
/// number of nodes bounds nothing alone: one long value can be used a hundred thousand times.
pub const MAX_DECODED: usize = 32 << 20;

/// Whether a document has as many nodes or as much text as any may have.
pub fn is_full(builder: &Builder<'_>) -> bool {
    builder.node_count() >= MAX_NODES || builder.decoded() >= MAX_DECODED
}
