//! Output formats, one file each. They know findings, never rules' code or documents.
//!
//! Everything that comes from a scanned repository is escaped for its format here ([`escape`]), and source text is shown with its secrets
//! masked ([`mask`]).

mod concise;
mod escape;
mod full;
mod github;
mod json;
mod mask;
mod sarif;
mod sarif_hash;
mod sarif_rule;
mod statistics;

pub use escape::{control, lines, workflow_data, workflow_property};
pub use mask::mask;
pub use sarif::SarifOptions;

use plimsoll_finding::{Finding, Notice, RuleMeta};
use std::sync::Arc;

/// What a run found, ready to be printed.
pub struct Report<'a> {
    /// Findings that count, in order of path, position and rule.
    pub findings: &'a [Finding],
    /// Findings that are waived, in the same order.
    pub waived: &'a [Finding],
    /// What could not be done.
    pub notices: &'a [Notice],
    /// The rules that ran, by id.
    pub rules: &'a [RuleMeta],
    /// Plugins that are not built in: name, version, SHA-256 of the component.
    pub plugins: &'a [(String, String, String)],
    /// Numbers.
    pub summary: Summary,
    /// Text of a file that a finding is in, as judged; `None` where it cannot be had any more.
    pub text: &'a (dyn Fn(&str) -> Option<Arc<str>> + Sync),
}

/// Numbers of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Files looked at.
    pub files: usize,
    /// Units judged.
    pub judged: usize,
    /// Rules that the settings switch off.
    pub disabled: usize,
    /// Fixes applied.
    pub fixed: usize,
    /// Wall time in seconds.
    pub seconds: f64,
}

/// The formats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Source, reason and fix of every finding.
    Full,
    /// A line per finding.
    Concise,
    /// Schema plimsoll/check/1.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub workflow commands.
    Github,
}

/// How to print.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Whether to use ANSI colours (`full`, `concise`).
    pub color: bool,
    /// SARIF's choices.
    pub sarif: SarifOptions,
}

/// The report in a format, with a final line end unless it is empty.
pub fn print(report: &Report<'_>, format: Format, style: &Style) -> String {
    match format {
        Format::Full => full::print(report, style.color),
        Format::Concise => concise::print(report, style.color),
        Format::Json => json::print(report),
        Format::Sarif => sarif::print(report, &style.sarif),
        Format::Github => github::print(report),
    }
}

/// How often each rule fired, most first.
pub fn print_statistics(report: &Report<'_>) -> String {
    statistics::print(report)
}
