//! Finding files: which there are, whose project they belong to, what kind each is, and how their bytes are read.
//!
//! [`discover`] answers for a run's command line; [`DiskFiles`] and [`Overlay`] are the disk and an editor's unsaved buffers behind the one
//! trait that every format reads through; [`decode`] makes text of bytes; [`Seen`] is what a run
//! looked at, told apart by times alone. Nothing here knows what a file means beyond its kind.

mod content;
mod decode;
mod discover;
mod disk;
mod kind;
mod overlay;
mod root;
mod scope;
mod seen;

pub use content::{kind_by_content, looks_like_dockerfile};
pub use decode::{Decoded, Fault, decode};
pub use discover::{Found, Project, Request, SourceFile, directories, discover, kind_of, normalise};
pub use disk::{DiskFiles, read_regular};
pub use kind::{Candidate, FileKind, kind_by_name};
pub use overlay::Overlay;
pub use root::{CONFIG_NAMES, ConfigLookup, Root, Roots};
pub use scope::{PathGlobs, Scope, ScopeError};
pub use seen::{Seen, Stamps};
