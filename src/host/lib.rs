//! Runs plugins: WebAssembly components that judge documents and can do nothing else.
//!
//! A plugin gets a unit's documents and gives back findings. It has no files, clock, network or randomness; memory, stack, work and results
//! are limited ([`limits`]); what it returns is checked against the documents before anybody else sees it. Built-in plugins come as native
//! code inside the binary and are loaded where they lie; third parties' are compiled once into a cache of ours.

pub mod limits;

mod abi;
mod cache;
mod check;
mod code;
mod failure;
mod finding;
mod inspect;
mod instance;
mod load;
mod plugin;
mod ticker;
mod unit;
mod validate;

pub use check::Checked;
pub use failure::{Failure, FailureKind};
pub use finding::{RawFinding, RawFix, RawOp, RawRelated, RawSpan};
pub use instance::Note;
pub use load::{Host, LoadError, Options};
pub use plimsoll_artefact::{Embedded, Manifest, Problem, Rule};
pub use plugin::{ConfigureError, Plugin};
pub use unit::{Edges, Unit};
