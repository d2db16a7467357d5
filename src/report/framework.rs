//! A framework's controls beside what was found: pass, fail, waived, manual, not covered, with the evidence. Coverage stands apart from the
//! result, and nothing is called more than it is: a pass says that the rules behind a control found nothing in these files.

use crate::escape::control;
use crate::markdown::{markdown_code, markdown_words};
use crate::report::counted;
use plimsoll_finding::Finding;
use serde_json::{Value, json};
use std::fmt::Write;

const STYLE: &str = include_str!("html.css");
/// Findings shown as evidence of a control.
const MAX_EVIDENCE: usize = 20;

/// How a control stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its rules ran and found nothing.
    Pass,
    /// Findings that count.
    Fail,
    /// Findings, all of them waived.
    Waived,
    /// People have to look.
    Manual,
    /// Nothing of the kind it is about was judged.
    NotApplicable,
    /// No rule ran for it.
    NotCovered,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 6] = [Self::Fail, Self::Waived, Self::Pass, Self::Manual, Self::NotCovered, Self::NotApplicable];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Waived => "waived",
            Self::Manual => "manual",
            Self::NotApplicable => "not applicable",
            Self::NotCovered => "not covered",
        }
    }
}

/// A control and how it stands.
pub struct ControlResult<'a> {
    /// The framework's id.
    pub id: String,
    /// Our words for it.
    pub title: String,
    /// How it stands.
    pub status: Status,
    /// `full`, `partial` or `evidence`: how much of it the rules can show.
    pub strength: String,
    /// The rules that ran for it.
    pub rules: Vec<String>,
    /// Findings about it, waived ones last.
    pub findings: Vec<&'a Finding>,
}

/// A framework's report.
pub struct FrameworkReport<'a> {
    /// `cis-docker`.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What of it is looked at.
    pub about: String,
    /// Units judged.
    pub judged: usize,
    /// Whether something could not be judged.
    pub incomplete: bool,
    /// Its controls, in order.
    pub controls: Vec<ControlResult<'a>>,
}

/// Formats of a framework's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameworkFormat {
    /// Tables for people.
    Markdown,
    /// One page.
    Html,
    /// For machines.
    Json,
    /// For spreadsheets: a row for each control.
    Csv,
}

/// Prints a framework's report.
pub fn print_framework(report: &FrameworkReport, format: FrameworkFormat) -> String {
    match format {
        FrameworkFormat::Markdown => report.markdown(),
        FrameworkFormat::Html => report.html(),
        FrameworkFormat::Json => format!("{:#}\n", report.json()),
        FrameworkFormat::Csv => report.csv(),
    }
}

impl FrameworkReport<'_> {
    fn count(&self, status: Status) -> usize {
        self.controls.iter().filter(|control| control.status == status).count()
    }

    /// Controls that rules looked at, and all of them.
    fn coverage(&self) -> (usize, usize) {
        (self.count(Status::Pass) + self.count(Status::Fail) + self.count(Status::Waived), self.controls.len())
    }

    fn lines(&self) -> Vec<String> {
        let (covered, all) = self.coverage();
        let result: Vec<String> = Status::ALL.iter().map(|status| format!("{} {}", self.count(*status), status.name())).collect();
        let mut lines = vec![
            format!("Result: {}.", result.join(", ")),
            format!("Coverage: rules looked at {covered} of {}, over {}.", counted(all, "control"), counted(self.judged, "unit")),
        ];
        if self.incomplete {
            lines.push("Not everything could be judged: a pass may be wrong.".to_owned());
        }
        lines
    }

    fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n{}\n\n", self.title, markdown_words(&self.about));
        for line in self.lines() {
            let _ = writeln!(out, "- {line}");
        }
        out.push_str("\n| Control | Status | What it asks | Rules show | Findings |\n|---|---|---|---|---:|\n");
        for one in &self.controls {
            let shows = if one.rules.is_empty() { "–" } else { &one.strength };
            let _ =
                writeln!(out, "| {} | {} | {} | {shows} | {} |", one.id, one.status.name(), markdown_words(&one.title), one.findings.len());
        }
        for one in self.controls.iter().filter(|one| !one.findings.is_empty()) {
            let _ = write!(out, "\n## {} {}: {}\n\n", one.id, markdown_words(&one.title), one.status.name());
            for finding in one.findings.iter().take(MAX_EVIDENCE) {
                let place = format!("{}:{}", finding.at.path, finding.at.range.start.line);
                let waived = if finding.state == plimsoll_finding::State::Active { "" } else { " (waived)" };
                let _ = writeln!(
                    out,
                    "- {} {}{waived}: {}",
                    markdown_code(&place),
                    markdown_code(&finding.rule),
                    markdown_words(&finding.message)
                );
            }
            if one.findings.len() > MAX_EVIDENCE {
                let _ = writeln!(out, "- and {} more", one.findings.len() - MAX_EVIDENCE);
            }
        }
        out
    }

    fn html(&self) -> String {
        let mut out = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
        );
        let _ = write!(
            out,
            "<title>{0}</title>\n<style>\n{STYLE}article.fail {{ border-left-color: var(--high); }} article.pass {{ border-left-color: #1a7f37; }} article.waived {{ border-left-color: var(--medium); }}\n</style>\n</head>\n<body>\n<h1>{0}</h1>\n<p>{1}</p>\n<ul>\n",
            escape(&self.title),
            escape(&self.about)
        );
        for line in self.lines() {
            let _ = writeln!(out, "<li>{}</li>", escape(&line));
        }
        out.push_str("</ul>\n<main>\n");
        for one in &self.controls {
            let _ = writeln!(
                out,
                "<article class=\"{}\"><h2>{} {} <span class=\"place\">{}</span></h2>",
                one.status.name().replace(' ', "-"),
                escape(&one.id),
                escape(&one.title),
                one.status.name()
            );
            if !one.rules.is_empty() {
                let _ = writeln!(out, "<p class=\"place\">{}: {}</p>", one.strength, escape(&one.rules.join(", ")));
            }
            if !one.findings.is_empty() {
                let _ = writeln!(out, "<details><summary>{}</summary><ul>", counted(one.findings.len(), "finding"));
                for finding in &one.findings {
                    let place = format!("{}:{}", finding.at.path, finding.at.range.start.line);
                    let _ =
                        writeln!(out, "<li><code>{}</code> {}: {}</li>", escape(&place), escape(&finding.rule), escape(&finding.message));
                }
                out.push_str("</ul></details>\n");
            }
            out.push_str("</article>\n");
        }
        out.push_str("</main>\n</body>\n</html>\n");
        out
    }

    fn json(&self) -> Value {
        let (covered, all) = self.coverage();
        json!({
            "schema": "plimsoll/framework/1",
            "framework": self.id,
            "title": self.title,
            "incomplete": self.incomplete,
            "result": Status::ALL.iter().map(|status| (status.name().to_owned(), self.count(*status).into())).collect::<serde_json::Map<_, Value>>(),
            "coverage": {"covered": covered, "controls": all, "units": self.judged},
            "controls": self.controls.iter().map(|one| json!({
                "id": one.id, "title": one.title, "status": one.status.name(), "strength": one.strength, "rules": one.rules,
                "findings": one.findings.iter().map(|finding| json!({
                    "rule": &*finding.rule, "severity": finding.severity, "path": &*finding.at.path, "line": finding.at.range.start.line,
                    "address": finding.address, "message": finding.message, "fingerprint": finding.fingerprint,
                    "waived": finding.state != plimsoll_finding::State::Active,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })
    }

    fn csv(&self) -> String {
        let mut out = String::from("control,status,title,strength,rules,findings,evidence\r\n");
        for one in &self.controls {
            let evidence: Vec<String> = one
                .findings
                .iter()
                .take(MAX_EVIDENCE)
                .map(|finding| format!("{}:{}", finding.at.path, finding.at.range.start.line))
                .collect();
            let cells = [
                &one.id,
                one.status.name(),
                &one.title,
                &one.strength,
                &one.rules.join(" "),
                &one.findings.len().to_string(),
                &evidence.join(" "),
            ]
            .map(cell);
            let _ = write!(out, "{}\r\n", cells.join(","));
        }
        out
    }
}

/// A cell that a spreadsheet takes for text: not a formula, and one cell whatever it holds.
fn cell(text: &str) -> String {
    let text = control(text);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if text.contains([',', '"', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn escape(text: &str) -> String {
    control(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
