//! YAML as written: a tree in which every scalar, key and collection knows where it stands, for Kubernetes, Compose and JSON texts alike.
//!
//! [`parse`] never fails: a broken document keeps its intact part, the other documents are whole, and [`Stream::problems`] says what is
//! wrong. Aliases stay references, so that an alias bomb costs nothing until something expands it; [`write()`] does, under a limit.
//! What a plain scalar means differs from format to format, so the tree keeps text, and [`kubernetes_scalar`] and [`compose_scalar`] give
//! it a type.

mod comments;
mod json;
mod parse;
mod scalar;
mod template;
mod tree;
mod write;

pub use comments::Covers;
pub use json::read_without as parse_json_without;
pub use parse::parse;
pub use scalar::{Scalar, compose_scalar, json_scalar, kubernetes_key, kubernetes_scalar};
pub use tree::{Comment, Content, Entry, Id, Merged, Node, Problem, ProblemKind, Stream, Style, Tree};
pub use write::{MAX_EXPANDED, Reading, Writer};
