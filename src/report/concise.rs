//! `concise`: one line per finding, for `grep` and editors' problem matchers.

use crate::escape::control;
use crate::report::{Printer, Report, Style, linked, place};
use std::fmt::Write;

pub(crate) struct Concise;

impl Printer for Concise {
    fn print(&self, report: &Report, style: &Style) -> String {
        let secrets = report.secrets();
        let mut out = String::new();
        for notice in report.notices {
            let at = notice.at.as_ref().map_or_else(|| "-".to_owned(), place);
            let _ = writeln!(out, "{}: notice[{}] {}", control(&at), notice.kind.name(), control(&secrets.mask(&notice.message)));
        }
        for finding in report.findings {
            let message = control(&secrets.mask(&finding.message));
            let _ = writeln!(out, "{}: {}[{}] {message}", control(&place(&finding.at)), finding.severity, linked(&finding.rule, style));
        }
        out
    }
}
