//! A waiver for one finding, as a comment where it covers it.
//!
//! Where that is differs from format to format: above the instruction, the entry or the block, and never inside a shell script or a text
//! of many lines that only looks like one. So places are tried, from the finding upwards, until one is found where the finding is waived
//! and nothing else is another.

use plimsoll_engine::{FileReport, Probe};
use plimsoll_finding::Finding;

/// What stands in for the reason.
pub(crate) const REASON: &str = "state the reason";
/// Lines above the finding that are tried.
const TRIED: usize = 60;

/// A comment and where it is inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiver {
    /// Byte offset of a line's start.
    pub(crate) at: u32,
    /// A line, its end included.
    pub(crate) text: String,
}

/// A waiver for `finding`; `None` where the format has no comments.
pub(crate) fn waiver(text: &str, finding: &Finding, probe: &Probe) -> Option<Waiver> {
    // Our readers would pass over a comment in JSON; nobody else's would.
    if finding.at.path.ends_with(".json") {
        return None;
    }
    let before = probe.with(text);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |offset: u32| starts.partition_point(|start| *start <= offset as usize) - 1;
    let here = if finding.site.path == finding.at.path { line_of(finding.site.range.start.offset) } else { usize::MAX };
    let first = line_of(finding.at.range.start.offset);
    // The site is what a waiver is held against, so it is tried first.
    let lines = [here, first].into_iter().chain((0..first).rev().take(TRIED)).filter(|line| *line < starts.len());
    let insert = |at: usize, text: String| Waiver { at: at as u32, text };
    let above = lines.map(|line| {
        let start = starts[line];
        let indent: String = text[start..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        insert(start, format!("{indent}# plimsoll: ignore[{}] -- {REASON}{end}", finding.rule))
    });
    // Some findings cover a whole file; a waiver for all of it goes to its end, where it is above nobody's directives.
    let last = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    let whole = insert(text.len(), format!("{last}# plimsoll: ignore-file[{}] -- {REASON}{end}", finding.rule));
    above.chain([whole]).find(|waiver| {
        let mut new = text.to_owned();
        new.insert_str(waiver.at as usize, &waiver.text);
        holds(&before, &probe.with(&new), finding)
    })
}

/// Whether the finding is waived, and nothing is broken or found that was not.
fn holds(before: &FileReport, after: &FileReport, finding: &Finding) -> bool {
    let same = |other: &&Finding| other.rule == finding.rule && other.fingerprint == finding.fingerprint;
    let waived = |report: &FileReport| report.waived.iter().filter(same).count();
    let active = |report: &FileReport| report.findings.iter().filter(same).count();
    after.findings.len() < before.findings.len()
        && waived(after) > waived(before)
        && active(after) < active(before)
        && after.notices.len() <= before.notices.len()
}
