//! `--statistics`: how often each rule fired.

use crate::escape::control;
use crate::report::{Report, counted};
use crate::timing::Worded;
use plimsoll_finding::Severity;
use std::collections::BTreeMap;
use std::fmt::Write;

/// One line per rule, the most frequent first.
pub fn print_statistics(report: &Report) -> String {
    let mut counts: BTreeMap<&str, (usize, Severity, bool)> = BTreeMap::new();
    for finding in report.findings {
        let entry = counts.entry(&finding.rule).or_insert((0, finding.severity, false));
        entry.0 += 1;
        entry.1 = entry.1.max(finding.severity);
        entry.2 |= finding.fixes.iter().any(|fix| !fix.edits.is_empty());
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(b.0)));
    let mut out = String::new();
    for (rule, (count, severity, fixable)) in rows {
        let _ = writeln!(out, "{count:>6}  {severity:<8}  {}{}", control(rule), if fixable { "  (fixable)" } else { "" });
    }
    let _ = writeln!(out, "{}", total(report));
    out
}

/// The last line of a report for people.
pub(crate) fn total(report: &Report) -> String {
    let baselined = report.baselined();
    let mut out = format!("{}, {} waived", counted(report.findings.len(), "finding"), report.waived.len() - baselined);
    if baselined > 0 {
        let _ = write!(out, ", {baselined} baselined");
    }
    let Summary { files, disabled, fixed, .. } = report.summary;
    if disabled > 0 {
        let _ = write!(out, ", {} disabled", counted(disabled, "rule"));
    }
    if fixed > 0 {
        let _ = write!(out, ", {fixed} fixed");
    }
    let _ = write!(out, "; {} in {} s", counted(files, "file"), Worded::Hundredths.word(report.summary.seconds));
    out
}

use crate::report::Summary;
