//! What a run found, as people and programs read it: one file per format behind one trait.
//!
//! Everything printed comes from a repository that may be hostile: control characters, terminal sequences and workflow commands are
//! escaped as each format needs it, secrets are masked, and text that holds one is left out where it would be stored.

mod concise;
mod diff;
mod escape;
mod framework;
mod full;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod line_hash;
mod markdown;
mod mask;
mod rdjson;
mod report;
mod sarif;
mod snippet;
mod statistics;
mod timing;

pub use escape::{control, lines};
pub use framework::{ControlResult, FrameworkFormat, FrameworkReport, Status, print_framework};
pub use line_hash::line_hashes;
pub use markdown::{markdown_code, markdown_words};
pub use mask::mask;
pub use report::{Format, Report, SarifOptions, Style, Summary, print};
pub use statistics::print_statistics;
pub use timing::{Worded, times};
