//! From files to verdicts: units of work, scheduling, relations, findings, fingerprints, fixes.
//!
//! `formats` make documents, `host` runs rules over them, `verdict` decides what counts, `fix` turns structure into text; none of them knows
//! another. This crate joins them, once, for the command line, the editor and the webhook.

mod address;
mod admission;
mod apply;
mod as_admission;
mod asked;
mod cache;
mod catalogue;
mod enabled;
mod example;
mod fingerprint;
mod job;
mod judge;
mod lines;
mod load;
mod manifests;
mod memo;
mod mutate;
mod outcome;
mod pods;
mod policy;
mod project;
mod relation;
mod resolve;
mod run;
mod secret;
mod session;
mod shown;
mod since;
mod stored;
mod write;

pub use address::{Address, address};
pub use admission::{Admission, Reviewed, Unjudged, Unreadable};
pub use as_admission::Objects;
pub use cache::{RECORDS, keep, prune};
pub use catalogue::{Catalogue, CatalogueError, Contents, ThirdParty, builtins};
pub use example::run_examples;
pub use fingerprint::fingerprint;
pub use lines::LineIndex;
pub use mutate::Mutated;
pub use outcome::{Change, Outcome};
pub use policy::{Policies, read as policies};
pub use run::{Engine, Request};
pub use session::{Accepted, Buffers, FileReport, Finished, Probe, Rules, Session, Settings, Task};
pub use since::Since;
pub use write::{diff, write};
