//! Findings and their fixes.

use crate::Severity;
use std::sync::Arc;

/// A place in a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, serde::Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// Byte offset, from 0.
    pub offset: u32,
}

/// From `start` up to, not including, `end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, serde::Serialize)]
pub struct Range {
    /// First position.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

/// A range of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location {
    /// Path as reported: relative to the project root, `/`-separated.
    pub path: Arc<str>,
    /// Where in it.
    pub range: Range,
}

/// Another place that matters to a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// Where.
    pub at: Location,
    /// What it has to do with it, a lowercase fragment.
    pub label: String,
}

/// Whether a fix keeps what the author meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Meaning kept, or hardened as the author plainly meant.
    Safe,
    /// May change what is built or run.
    Unsafe,
}

/// One replacement in a file, or a file to be created.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edit {
    /// Path as reported.
    pub path: Arc<str>,
    /// What to replace; `None` creates the file with `text` as its whole content.
    pub range: Option<Range>,
    /// What to write instead.
    pub text: String,
}

/// A fix, rendered as text edits. An empty `edits` with a `dropped` reason is a fix that cannot be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, in the imperative: "add `USER app`".
    pub title: String,
    /// Whether it keeps what the author meant, after what the host found on the way.
    pub applicability: Applicability,
    /// The replacements, in order of path and position; they never overlap.
    pub edits: Vec<Edit>,
    /// Why no edit can be written, as a lowercase fragment.
    pub dropped: Option<String>,
    /// Whether an edit contains a secret: its text is left out of json, sarif and diff output.
    pub secret: bool,
    /// Whether the fix may be applied: built-in rules, and third-party plugins trusted by name on the command line.
    pub trusted: bool,
}

/// Why a finding does not count.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Waived {
    /// `comment`, `config`, `annotation`, a peer's name (`hadolint`), or `baseline`.
    pub by: String,
    /// Where the waiver is written.
    #[serde(skip)]
    pub at: Option<Location>,
    /// The reason given.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day it holds (ISO 8601).
    pub until: Option<String>,
    /// Issue or ticket.
    pub ticket: Option<String>,
}

/// Whether a finding counts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum State {
    /// It does.
    #[default]
    Active,
    /// It is waived.
    Waived(Waived),
}

/// A defect that a rule found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Rule id, `docker/user-root`.
    pub rule: Arc<str>,
    /// Severity in force for this file.
    pub severity: Severity,
    /// One sentence; names the thing and its value. Secrets are masked.
    pub message: String,
    /// Primary location: the site, or the Terraform argument that decided the value.
    pub at: Location,
    /// Where the judged thing is written; the same as `at` but in Terraform. Waivers, baseline paths and per-path settings use it.
    pub site: Location,
    /// Structural address, the first of `addresses`.
    pub address: String,
    /// Every instance that fails, for a module called twice or an inherited stage; at least one.
    pub addresses: Vec<String>,
    /// Stable identity: hash of rule, configuration address and path, 32 hex digits. Never line numbers.
    pub fingerprint: String,
    /// Other places.
    pub related: Vec<Related>,
    /// Ways to mend it, best first.
    pub fixes: Vec<Fix>,
    /// Byte ranges in `at.path` to be masked wherever source text is shown.
    pub secrets: Vec<Location>,
    /// Whether it counts.
    pub state: State,
}
