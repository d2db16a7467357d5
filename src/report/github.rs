//! GitHub workflow commands: annotations on a pull request without any permission (GitHub shows ten per step).

use crate::Report;
use crate::escape::{workflow_data, workflow_property};
use plimsoll_finding::Severity;

pub(crate) fn print(report: &Report<'_>) -> String {
    let mut out = String::new();
    for finding in report.findings {
        let command = match finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        let range = finding.at.range;
        let mut place = format!("file={},line={},endLine={}", workflow_property(&finding.at.path), range.start.line, range.end.line);
        // Columns are read on one line only.
        if range.start.line == range.end.line {
            place.push_str(&format!(",col={},endColumn={}", range.start.column, range.end.column));
        }
        out.push_str(&format!("::{command} {place},title={}::{}\n", workflow_property(&finding.rule), workflow_data(&finding.message)));
    }
    for notice in report.notices {
        let command = if notice.incomplete { "error" } else { "notice" };
        let place =
            notice.at.as_ref().map_or_else(String::new, |at| format!(" file={},line={}", workflow_property(&at.path), at.range.start.line));
        out.push_str(&format!("::{command}{place}::{}\n", workflow_data(&notice.message)));
    }
    out
}
