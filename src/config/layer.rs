//! What one file, or the command line, sets.

use crate::{Origin, Sourced};
use jiff::civil::Date;
use plimsoll_finding::Severity;
use std::path::PathBuf;

/// One layer of settings. Lists of selectors are as written; `None` leaves the layer below in force.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Layer {
    /// The file, or the command line.
    pub origin: Origin,
    /// Replaces what lower layers select.
    pub select: Option<Vec<Sourced<String>>>,
    /// Adds to what is selected.
    pub extend_select: Vec<Sourced<String>>,
    /// Takes away; lower layers' stay in force.
    pub ignore: Vec<Sourced<String>>,
    /// Severity from which findings fail the run.
    pub fail_on: Option<Sourced<Severity>>,
    /// Selector, severity.
    pub severity: Vec<(Sourced<String>, Severity)>,
    /// `[files]`.
    pub files: FileSettings,
    /// Folders of users' own rules, relative to the project root.
    pub rule_paths: Vec<Sourced<String>>,
    /// Options of rules.
    pub options: Vec<RuleOption>,
    /// `[[overrides]]`, in order.
    pub overrides: Vec<Override>,
    /// `[[plugin]]` and `--plugin`.
    pub plugins: Vec<PluginSetting>,
    /// `[[waiver]]`.
    pub waivers: Vec<CentralWaiver>,
    /// `[docker]`.
    pub docker: Docker,
    /// `[output] format`.
    pub format: Option<Sourced<String>>,
}

/// `[files]`. Globs are relative to the project root.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FileSettings {
    /// Only these; `None` leaves the layer below in force.
    pub include: Option<Vec<Sourced<String>>>,
    /// Not these; lower layers' stay in force.
    pub exclude: Vec<Sourced<String>>,
    /// Glob, kind (`dockerfile`, `compose`, `kubernetes`, `terraform`, `tfvars`).
    pub kinds: Vec<(Sourced<String>, String)>,
    /// Largest file in bytes.
    pub max_size: Option<Sourced<u64>>,
}

/// An option of a rule: `[rules."docker/user-root"] allow = ["app"]`.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleOption {
    /// Rule id as written.
    pub rule: String,
    /// Option name.
    pub name: String,
    /// Its value.
    pub value: serde_json::Value,
    /// Where it is set.
    pub origin: Origin,
}

/// `[[overrides]]`: other settings for some paths. A rule's options cannot be among them: they are per run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Override {
    /// Where the entry stands.
    pub origin: Origin,
    /// Globs, relative to the project root.
    pub paths: Vec<Sourced<String>>,
    /// Adds to what is selected.
    pub select: Vec<Sourced<String>>,
    /// Takes away.
    pub ignore: Vec<Sourced<String>>,
    /// Selector, severity.
    pub severity: Vec<(Sourced<String>, Severity)>,
}

/// A third party's plugin.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PluginSetting {
    /// Where the entry stands.
    pub origin: Origin,
    /// The component. From a file: relative to the project root, to be read inside it only; from the command line: as given.
    pub path: PathBuf,
    /// The component's digest, lower-case hex; asked for in files, optional on the command line.
    pub sha256: Option<String>,
    /// Name it must go by, if stated.
    pub name: Option<String>,
}

/// `[[waiver]]`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CentralWaiver {
    /// Where the entry stands.
    pub origin: Origin,
    /// Selectors.
    pub rules: Vec<Sourced<String>>,
    /// Globs, relative to the project root; with none, `resource` says what is covered.
    pub paths: Vec<Sourced<String>>,
    /// Address, or a glob of addresses, as reports print it.
    pub resource: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day it holds, UTC, inclusive.
    pub until: Option<Date>,
    /// Issue or ticket.
    pub ticket: Option<String>,
}

/// `[docker]`: how images are built, where no Compose file says it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Docker {
    /// Glob of Dockerfiles, folder of their build context (relative to the project root).
    pub contexts: Vec<(Sourced<String>, String)>,
    /// Glob of Dockerfiles, stage that is built.
    pub targets: Vec<(Sourced<String>, String)>,
    /// Build arguments.
    pub args: Vec<(Sourced<String>, String)>,
}
