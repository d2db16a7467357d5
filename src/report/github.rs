//! `github`: workflow commands, which GitHub shows as annotations of a pull request's lines.

use crate::escape::control;
use crate::report::{Printer, Report, Style};
use plimsoll_finding::{Location, Severity};
use std::fmt::Write;

pub(crate) struct Github;

impl Printer for Github {
    fn print(&self, report: &Report, _: &Style) -> String {
        let secrets = report.secrets();
        let mut out = String::new();
        for notice in report.notices {
            let level = if notice.incomplete { "error" } else { "notice" };
            command(&mut out, level, notice.at.as_ref(), &format!("plimsoll: {}", notice.kind.name()), &secrets.mask(&notice.message));
        }
        for finding in report.findings {
            let level = match finding.severity {
                Severity::Critical | Severity::High => "error",
                Severity::Medium => "warning",
                Severity::Low | Severity::Info => "notice",
            };
            command(&mut out, level, Some(&finding.at), &finding.rule, &secrets.mask(&finding.message));
        }
        out
    }
}

fn command(out: &mut String, level: &str, at: Option<&Location>, title: &str, message: &str) {
    let _ = write!(out, "::{level} ");
    if let Some(at) = at {
        let (start, end) = (at.range.start, at.range.end);
        let _ = write!(out, "file={},line={}", property(&at.path), start.line);
        // Columns are read only where an annotation stays on one line.
        if end.line <= start.line {
            let _ = write!(out, ",col={},endColumn={}", start.column, end.column.max(start.column));
        } else {
            let _ = write!(out, ",endLine={}", end.line);
        }
        out.push(',');
    }
    let _ = writeln!(out, "title={}::{}", property(title), data(message));
}

/// A command's message. `control` has taken line ends out already, so that nothing can start a command of its own.
fn data(text: &str) -> String {
    control(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
