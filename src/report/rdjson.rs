//! `rdjson`: reviewdog's diagnostics, the one format of review comments that carries suggestions. Columns count bytes of UTF-8 from 1.

use crate::escape::control;
use crate::mask::Masker;
use crate::report::{HOME, Printer, Report, Style, rule_url};
use plimsoll_finding::{Edit, Finding, Lines, Location, Position, Range, Severity};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

pub(crate) struct Rdjson;

/// Lines of files, each indexed once.
struct Columns<'a> {
    report: &'a Report<'a>,
    files: HashMap<Arc<str>, Option<Lines>>,
}

impl Columns<'_> {
    fn position(&mut self, path: &Arc<str>, at: Position) -> Value {
        let report = self.report;
        let lines = self.files.entry(path.clone()).or_insert_with(|| (report.text)(path).map(|text| Lines::new(&text)));
        // Without its text a file's characters are taken for bytes, which most are.
        let column = lines.as_ref().map_or(at.column, |lines| at.offset.saturating_sub(lines.start(at.line)) + 1);
        json!({"line": at.line.max(1), "column": column.max(1)})
    }

    fn range(&mut self, path: &Arc<str>, range: &Range) -> Value {
        json!({"start": self.position(path, range.start), "end": self.position(path, range.end)})
    }

    fn location(&mut self, at: &Location) -> Value {
        json!({"path": &*at.path, "range": self.range(&at.path, &at.range)})
    }
}

impl Printer for Rdjson {
    fn print(&self, report: &Report, _: &Style) -> String {
        let secrets = report.secrets();
        let mut columns = Columns { report, files: HashMap::new() };
        let mut diagnostics: Vec<Value> = report.findings.iter().map(|finding| diagnostic(finding, &mut columns, &secrets)).collect();
        for notice in report.notices.iter().filter(|notice| notice.incomplete) {
            let Some(at) = &notice.at else { continue };
            diagnostics.push(json!({
                "message": control(&secrets.mask(&notice.message)),
                "location": columns.location(at),
                "severity": "ERROR",
                "code": {"value": format!("plimsoll/{}", notice.kind.name())},
            }));
        }
        let value = json!({"source": {"name": "plimsoll", "url": HOME}, "diagnostics": diagnostics});
        format!("{value}\n")
    }
}

fn diagnostic(finding: &Finding, columns: &mut Columns, secrets: &Masker) -> Value {
    let mut value = json!({
        "message": control(&secrets.mask(&finding.message)),
        "location": columns.location(&finding.at),
        "severity": match finding.severity {
            Severity::Critical | Severity::High => "ERROR",
            Severity::Medium => "WARNING",
            Severity::Low | Severity::Info => "INFO",
        },
        "code": {"value": &*finding.rule, "url": rule_url(&finding.rule)},
    });
    let fits = finding.fixes.iter().filter(|fix| suggests(fix, finding, secrets));
    let suggestions: Vec<Value> = fits.flat_map(|fix| &fix.edits).filter_map(|edit| suggestion(edit, columns)).collect();
    if !suggestions.is_empty() {
        value["suggestions"] = suggestions.into();
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| json!({"message": control(&secrets.mask(&related.label)), "location": columns.location(&related.at)}))
        .collect();
    if !related.is_empty() {
        value["related_locations"] = related.into();
    }
    value
}

/// Whether a fix can be a suggestion: one edit, in the finding's own file, that shows no secret. Reviewdog offers each suggestion by itself,
/// so half of a fix must not be one.
fn suggests(fix: &plimsoll_finding::Fix, finding: &Finding, secrets: &Masker) -> bool {
    let [edit] = fix.edits.as_slice() else { return false };
    fix.trusted
        && fix.dropped.is_none()
        && !fix.secret
        && edit.range.is_some()
        && edit.path == finding.at.path
        && !secrets.finds_for(&edit.path, &edit.text)
}

fn suggestion(edit: &Edit, columns: &mut Columns) -> Option<Value> {
    Some(json!({"range": columns.range(&edit.path, &edit.range?), "text": edit.text}))
}
