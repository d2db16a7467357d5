//! Rules as Markdown files: front matter, prose and examples, and what is made from them.
//!
//! [`Rule::parse`] reads one file and [`Rulebook::load`] a folder of them; [`codegen`] writes the registry of a plugin at build time;
//! [`metadata`] is the front matter on its way through the plugin interface; [`examples`] runs a rule's examples.

pub mod codegen;
mod error;
pub mod examples;
mod fence;
mod front_matter;
mod judged;
pub mod metadata;
mod rule;
mod rulebook;
mod yaml;

pub use error::RuleError;
pub use examples::{Example, ExampleFile};
pub use judged::Judged;
pub use plimsoll_condition::{ConditionSource, Located, OpSource, OptionSource};
pub use rule::{Logic, Needs, Rule};
pub use rulebook::Rulebook;
