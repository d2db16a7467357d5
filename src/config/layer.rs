//! What one file, or the command line, sets.

use crate::{Origin, Serve, Sourced};
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
    /// `[serve]`.
    pub serve: Serve,
    /// The same as written, key by key, to be shown.
    pub serve_written: Vec<(String, serde_json::Value, Origin)>,
    /// `[output] format`.
    pub format: Option<Sourced<String>>,
    /// `[locked]`; counts in the organisation's configuration only.
    pub lock: Option<Lock>,
}

/// `[locked]` of an organisation's configuration: what no repository, flag or variable can loosen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lock {
    /// Where it stands.
    pub origin: Origin,
    /// Rules that run everywhere and that nobody waives: ids, globs, targets or `ALL`.
    pub rules: Vec<Sourced<String>>,
    /// Severities that stay: selector (as in `rules`), severity.
    pub severity: Vec<(Sourced<String>, Severity)>,
    /// Severity from which findings fail the run, at the latest.
    pub fail_on: Option<Severity>,
    /// Whether a waiver needs an owner.
    pub owner: bool,
    /// Whether a waiver needs a reason.
    pub reason: bool,
    /// Days that a waiver may hold, counted from the day of the run; it needs an `until` then.
    pub max_days: Option<i64>,
    /// Whether a baseline may hold findings of the locked rules.
    pub baseline: bool,
}

impl Lock {
    /// Whether a rule is one that nobody switches off.
    pub fn holds(&self, rule: &str) -> bool {
        rule == "plimsoll/waiver-refused" || self.rules.iter().any(|selector| names(&selector.value, rule))
    }

    /// The severity that a rule keeps.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.severity.iter().rev().find(|(selector, _)| names(&selector.value, rule)).map(|(_, severity)| *severity)
    }
}

/// Whether a selector that can be read without knowing the rules names one: an id, a glob, a target or `ALL`.
fn names(selector: &str, rule: &str) -> bool {
    let selector = selector.to_ascii_lowercase();
    match selector.split_once('*') {
        _ if selector == "all" => true,
        None => rule == selector || rule.split_once('/').is_some_and(|(target, _)| target == selector),
        Some((head, tail)) => rule.len() >= head.len() + tail.len() && rule.starts_with(head) && rule.ends_with(tail),
    }
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
