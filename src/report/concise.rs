//! A line per finding: `path:line:column: severity[rule] message`.

use crate::escape::control;
use crate::{Report, full};
use plimsoll_finding::{Finding, Notice, Severity};

pub(crate) fn print(report: &Report<'_>, color: bool) -> String {
    let mut out = String::new();
    for finding in report.findings {
        out.push_str(&line(finding, color));
        out.push('\n');
    }
    for notice in report.notices {
        out.push_str(&notice_line(notice, color));
        out.push('\n');
    }
    out.push_str(&full::summary(report, color));
    out
}

fn line(finding: &Finding, color: bool) -> String {
    let start = finding.at.range.start;
    let severity = paint(finding.severity.name(), severity_color(finding.severity), color);
    let fixable = if finding.fixes.iter().any(|fix| fix.dropped.is_none() && !fix.edits.is_empty()) { " [fix]" } else { "" };
    format!(
        "{}:{}:{}: {severity}[{}] {}{fixable}",
        control(&finding.at.path),
        start.line,
        start.column,
        finding.rule,
        control(&finding.message)
    )
}

/// A notice on one line.
pub(crate) fn notice_line(notice: &Notice, color: bool) -> String {
    let kind = paint(&format!("notice[{}]", notice.kind.name()), 36, color);
    match &notice.at {
        Some(at) => format!("{}:{}:{}: {kind} {}", control(&at.path), at.range.start.line, at.range.start.column, control(&notice.message)),
        None => format!("{kind} {}", control(&notice.message)),
    }
}

/// `text` in an ANSI colour.
pub(crate) fn paint(text: &str, code: u8, color: bool) -> String {
    if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// ANSI colour of a severity.
pub(crate) const fn severity_color(severity: Severity) -> u8 {
    match severity {
        Severity::Critical | Severity::High => 31,
        Severity::Medium => 33,
        Severity::Low => 34,
        Severity::Info => 36,
    }
}
