//! What is printed, and the one door to every format.

use crate::mask::Masker;
use plimsoll_finding::{Finding, Location, Notice, RuleMeta, State};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What a run found.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// Findings that count, in order.
    pub findings: &'a [Finding],
    /// Findings that are waived, in order.
    pub waived: &'a [Finding],
    /// What could not be done.
    pub notices: &'a [Notice],
    /// The rules that ran, by id.
    pub rules: &'a [RuleMeta],
    /// Third parties' plugins: name, version, digest.
    pub plugins: &'a [(String, String, String)],
    /// Figures.
    pub summary: Summary,
    /// The text of a reported file, if it can be had.
    pub text: &'a (dyn Fn(&str) -> Option<Arc<str>> + Sync),
}

/// Figures of a run.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    /// Files looked at.
    pub files: usize,
    /// Units judged.
    pub judged: usize,
    /// Rules switched off by configuration.
    pub disabled: usize,
    /// Fixes applied.
    pub fixed: usize,
    /// Wall time.
    pub seconds: f64,
}

/// Formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Source, reason and fix of every finding.
    Full,
    /// One line per finding.
    Concise,
    /// `plimsoll/check/1`.
    Json,
    /// SARIF 2.1.0, as GitHub reads it.
    Sarif,
    /// GitHub's workflow commands.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// `JUnit` XML, as Jenkins and GitLab read it.
    Junit,
    /// Reviewdog's diagnostics.
    Rdjson,
    /// A pull request's comment.
    Markdown,
    /// One page for a browser, which needs nothing else.
    Html,
}

/// How to print.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether terminal colours may be used; the caller knows the terminal and `NO_COLOR`.
    pub color: bool,
    /// Whether rule ids may be hyperlinks (OSC 8); the caller knows whether the terminal shows them.
    pub links: bool,
    /// Choices of SARIF.
    pub sarif: SarifOptions,
    /// Where reported paths start in their repository, `/`-separated, empty at its top: GitLab asks for paths from there.
    pub base: String,
}

/// Choices of SARIF.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SarifOptions {
    /// Whether waived findings are printed, with `suppressions`. GitHub opens alerts for them all the same.
    pub suppressed: bool,
    /// Tells several runs over one commit apart.
    pub category: Option<String>,
}

/// A format.
pub(crate) trait Printer {
    /// The whole report.
    fn print(&self, report: &Report, style: &Style) -> String;
}

/// Prints a report in a format.
pub fn print(report: &Report, format: Format, style: &Style) -> String {
    let printer: &dyn Printer = match format {
        Format::Full => &crate::full::Full,
        Format::Concise => &crate::concise::Concise,
        Format::Json => &crate::json::Json,
        Format::Sarif => &crate::sarif::Sarif,
        Format::Github => &crate::github::Github,
        Format::Gitlab => &crate::gitlab::Gitlab,
        Format::Junit => &crate::junit::Junit,
        Format::Rdjson => &crate::rdjson::Rdjson,
        Format::Markdown => &crate::markdown::Markdown,
        Format::Html => &crate::html::Html,
    };
    printer.print(report, style)
}

impl Report<'_> {
    /// Waived findings that a baseline holds.
    pub(crate) fn baselined(&self) -> usize {
        self.waived.iter().filter(|finding| matches!(&finding.state, State::Waived(waived) if waived.by == "baseline")).count()
    }

    /// The secrets that findings name, as they stand in their files.
    pub(crate) fn secrets(&self) -> Masker {
        let all = || self.findings.iter().chain(self.waived).flat_map(|finding| &finding.secrets);
        // What is quoted where it stands may be bare elsewhere.
        let bare = |value: String| value.trim().trim_matches(['"', '\'']).to_owned();
        let mut by_file: HashMap<Arc<str>, BTreeSet<String>> = HashMap::new();
        for at in all() {
            by_file.entry(at.path.clone()).or_default().extend(self.slice(at).map(bare));
        }
        let mut values: Vec<String> = by_file.values().flatten().cloned().collect();
        values.sort_unstable();
        values.dedup();
        Masker::new(&values).with_places(all()).with_words(by_file)
    }

    fn slice(&self, at: &Location) -> Option<String> {
        let text = (self.text)(&at.path)?;
        text.get(at.range.start.offset as usize..at.range.end.offset as usize).map(str::to_owned)
    }
}

/// Where rules are explained.
pub(crate) const HOME: &str = "https://plimsoll.dev";

/// The page of a rule.
pub(crate) fn rule_url(id: &str) -> String {
    format!("{HOME}/rules/{}", crate::sarif::uri(id))
}

/// Whether a rule is one of ours: a third party's, or a user's own, has no page.
pub(crate) fn is_ours(id: &str) -> bool {
    ["docker/", "compose/", "kubernetes/", "terraform/", "plimsoll/"].iter().any(|prefix| id.starts_with(prefix))
}

/// A rule's id, leading to its page on a terminal that shows links.
pub(crate) fn linked(id: &str, style: &Style) -> String {
    let shown = crate::escape::control(id);
    if style.links && is_ours(id) { format!("\u{1b}]8;;{}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\", rule_url(id)) } else { shown }
}

/// `path:line:column`.
pub(crate) fn place(at: &Location) -> String {
    format!("{}:{}:{}", at.path, at.range.start.line, at.range.start.column)
}

/// `3 findings`, `1 finding`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
