//! The node table: one normalised tree per document, in which every value knows where it stands in the source.
//!
//! The host writes documents with [`Builder`]; the host, the SDK and conditions read them with [`Doc`] and [`Node`], which borrow the
//! table and never allocate. The table travels to plugins unchanged, as `list<u32>` words and `list<u8>` bytes. [`schema`] names every
//! field of every target's tree; its symbols are what `Node::get` compares. Nothing here depends on any other crate.

mod builder;
pub mod constant;
mod layout;
mod op;
mod reader;
pub mod schema;
mod span;
mod symbol;

pub use builder::{Builder, Document, Key, NodeId, Origin, OriginEntry, Source, Value};
pub use layout::{Flags, Kind, LAYOUT_VERSION, Role};
pub use op::OpKind;
pub use reader::{Children, Doc, Lookup, Malformed, Node, Table};
pub use span::Span;
pub use symbol::{KeyTable, Symbol};
