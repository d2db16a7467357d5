//! One module for each version of the plugin interface that ever shipped.

pub(crate) mod v1;

/// What every version's functions are found under, before `@version`.
pub(crate) const CHECKER: &str = "plimsoll:rules/checker";
/// The one interface with a function that plugins may import.
pub(crate) const VOICE: &str = "plimsoll:rules/voice";
/// Versions this host runs, newest first.
pub(crate) const SUPPORTED: &[&str] = &["1.0.0"];

/// Whether this host runs a plugin that exports the checker of this version: the same major version, and nothing added that we lack.
pub(crate) fn supports(version: &str) -> bool {
    SUPPORTED.contains(&version)
}
