//! `plimsoll.toml`: what a project sets, layer over layer, and the command line above it.
//!
//! [`load`] reads a file with those it extends; every value remembers the file and place it came from, so that a problem points at it and
//! [`Config::effective`] can say where each setting was decided. Keys that this version does not know warn, values of a wrong type are
//! errors. What selectors mean is `verdict`'s to say.

mod check;
mod config;
mod effective;
mod glob;
mod layer;
mod load;
mod near;
mod organisation;
mod origin;
mod problem;
mod read;
mod schema;
mod toml;

pub use config::Config;
pub use effective::Effective;
pub use layer::{CentralWaiver, Docker, FileSettings, Layer, Lock, Override, PluginSetting, RuleOption};
pub use load::{load, load_over};
pub use near::near;
pub use origin::{Origin, Sourced};
pub use problem::Problem;
pub use schema::schema;
