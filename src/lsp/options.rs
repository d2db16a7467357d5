//! What the server is started with, and what a client may set.

use plimsoll_config::{Layer, Sourced};
use plimsoll_engine::Settings;
use plimsoll_source::ConfigLookup;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// Wall time that a third party's plugin has for one unit, by contract.
const DEADLINE: Duration = Duration::from_millis(150);

/// What the server is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Directory for compiled third-party plugins; `None` compiles them at every start.
    pub cache: Option<PathBuf>,
    /// Where configuration comes from, unless the client says otherwise.
    pub lookup: ConfigLookup,
    /// What the command line says over configuration files.
    pub layer: Layer,
    /// Plugins whose fixes may be applied although a third party wrote them.
    pub trust: Vec<String>,
    /// The day that waivers are judged by, UTC.
    pub today: fn() -> plimsoll_verdict::Date,
}

/// Settings of a client: `initializationOptions`, and the section `plimsoll` of `workspace/didChangeConfiguration`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ClientSettings {
    /// A configuration file for all, absolute or relative to the first folder.
    pub(crate) configuration: Option<String>,
    /// Whether configuration files are left unread.
    pub(crate) isolated: bool,
    /// Selectors in place of the configuration's.
    pub(crate) select: Option<Vec<String>>,
    /// Selectors in addition.
    pub(crate) extend_select: Vec<String>,
    /// Selectors taken away.
    pub(crate) ignore: Vec<String>,
}

impl ClientSettings {
    /// The session's settings: the client's over those of the command line.
    pub(crate) fn over(&self, options: &Options, folder: Option<&PathBuf>) -> Settings {
        let sourced = |list: &[String]| list.iter().cloned().map(Sourced::command_line).collect::<Vec<_>>();
        let mut layer = options.layer.clone();
        if let Some(select) = &self.select {
            layer.select = Some(sourced(select));
        }
        layer.extend_select.extend(sourced(&self.extend_select));
        layer.ignore.extend(sourced(&self.ignore));
        let lookup = match self.configuration.as_deref().filter(|file| !file.is_empty()) {
            _ if self.isolated => ConfigLookup::Isolated,
            Some(file) => ConfigLookup::Fixed(folder.map_or_else(|| PathBuf::from(file), |folder| folder.join(file))),
            None => options.lookup.clone(),
        };
        Settings { lookup, layer, trust: options.trust.clone(), deadline: DEADLINE, today: options.today }
    }
}
