//! From a plugin's source to what the host loads: `cargo` for WebAssembly, component encoding, pre-initialisation, native code.
//!
//! Build scripts of the `plugins/*/embedded` crates run the whole way ([`embed`]); `plimsoll plugin build` runs the first half
//! ([`build_component`]). The one engine configuration ([`engine_config`]) lives here, because native code loads only into an engine that
//! was configured as the one that made it (docs/decisions/0002).

mod compile;
mod component;
mod embed;
mod engine;
mod guest;
mod initialise;
mod manifest;

pub use compile::{describe, precompile};
pub use component::encode;
pub use embed::embed;
pub use engine::{MEMORY_LIMIT, STACK_LIMIT, TARGET, compatibility, engine_config};
pub use guest::{Guest, build_component, build_guest};
pub use initialise::{INITIALISE, initialise};
pub use manifest::{Embedded, Manifest, ManifestRecord, Problem, Rule};

/// What went wrong on the way, as a lowercase fragment that fits "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Cargo could not be run, or did not like the source.
    #[error("build {package} for wasm32-unknown-unknown: {why}")]
    Cargo {
        /// The package.
        package: String,
        /// What cargo said, or why it could not be run.
        why: String,
    },
    /// The core module does not fit the plugin interface.
    #[error("encode the component: {0}")]
    Encode(String),
    /// The initialisation function trapped, or the module cannot be snapshotted.
    #[error("pre-initialise the plugin: {0}")]
    Initialise(String),
    /// Cranelift refused the component.
    #[error("compile the component: {0}")]
    Compile(String),
    /// `describe` trapped or reported problems.
    #[error("describe the plugin: {0}")]
    Describe(String),
    /// A file could not be read or written.
    #[error("access {path}: {source}")]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
