//! `html`: one page for a browser that needs nothing else. All findings are in the page as text; the script only hides and shows them.

use crate::diff::{Mark, diff};
use crate::escape::control;
use crate::mask::Masker;
use crate::report::{Printer, Report, Style, counted, is_ours, place, rule_url};
use crate::snippet::snippet;
use crate::statistics::total;
use plimsoll_finding::{Applicability, Finding, Fix, Lines, Location, Severity, State};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::Arc;

const STYLE: &str = include_str!("html.css");
const SCRIPT: &str = include_str!("html.js");
/// Findings that come with their source: beyond, a page would be too heavy to open.
const MAX_SOURCES: usize = 5_000;

pub(crate) struct Html;

struct Page<'a> {
    report: &'a Report<'a>,
    secrets: Masker,
    files: HashMap<Arc<str>, Option<(Arc<str>, Lines)>>,
}

impl Printer for Html {
    fn print(&self, report: &Report, _: &Style) -> String {
        let mut page = Page { report, secrets: report.secrets(), files: HashMap::new() };
        let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        // A second lock behind the escaping: nothing may be loaded from anywhere.
        out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
        let _ = write!(
            out,
            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Plimsoll: {}</title>\n",
            counted(report.findings.len(), "finding")
        );
        let _ = write!(out, "<style>\n{STYLE}</style>\n</head>\n<body>\n");
        head(&mut out, report);
        page.notices(&mut out);
        out.push_str("<main id=\"findings\">\n");
        let all: Vec<&Finding> = report.findings.iter().chain(report.waived).collect();
        for (index, finding) in all.iter().enumerate() {
            page.finding(&mut out, finding, index < MAX_SOURCES);
        }
        out.push_str("</main>\n<p id=\"none\" hidden>Nothing matches.</p>\n");
        if all.is_empty() {
            out.push_str("<p class=\"clean\">Nothing to report.</p>\n");
        }
        let _ = write!(out, "<footer>plimsoll {}</footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n", env!("CARGO_PKG_VERSION"));
        out
    }
}

/// The title, and the controls: they do nothing without the script, which shows them.
fn head(out: &mut String, report: &Report) {
    let _ = write!(out, "<header>\n<h1>Plimsoll</h1>\n<p>{}</p>\n", escape(&total(report)));
    out.push_str("<form id=\"filters\" hidden>\n<input id=\"search\" type=\"search\" placeholder=\"Search rule, path, message\" aria-label=\"Search\">\n<fieldset><legend>Severity</legend>\n");
    for severity in Severity::ALL.into_iter().rev() {
        let count = report.findings.iter().filter(|finding| finding.severity == severity).count();
        let _ = writeln!(
            out,
            "<label class=\"{severity}\"><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> {severity} <b>{count}</b></label>"
        );
    }
    out.push_str("</fieldset>\n<select id=\"rule\" aria-label=\"Rule\"><option value=\"\">All rules</option>\n");
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().chain(report.waived) {
        *rules.entry(&finding.rule).or_default() += 1;
    }
    for (rule, count) in rules {
        let _ = writeln!(out, "<option value=\"{0}\">{0} ({count})</option>", escape(rule));
    }
    let _ = write!(out, "</select>\n<label><input id=\"waived\" type=\"checkbox\"> waived <b>{}</b></label>\n", report.waived.len());
    out.push_str("<button id=\"theme\" type=\"button\">Light or dark</button>\n<output id=\"shown\"></output>\n</form>\n</header>\n");
}

impl Page<'_> {
    fn notices(&self, out: &mut String) {
        if self.report.notices.is_empty() {
            return;
        }
        let incomplete = self.report.notices.iter().any(|notice| notice.incomplete);
        let _ = write!(
            out,
            "<details class=\"notices\"{}><summary>{}{}</summary>\n<ul>\n",
            if incomplete { " open" } else { "" },
            counted(self.report.notices.len(), "notice"),
            if incomplete { ": the run is incomplete" } else { "" }
        );
        for notice in self.report.notices {
            let at = notice.at.as_ref().map(|at| format!("<code>{}</code> ", escape(&place(at)))).unwrap_or_default();
            let _ = writeln!(out, "<li>{} {at}{}</li>", notice.kind.name(), escape(&self.secrets.mask(&notice.message)));
        }
        out.push_str("</ul>\n</details>\n");
    }

    fn finding(&mut self, out: &mut String, finding: &Finding, with_source: bool) {
        let waived = matches!(finding.state, State::Waived(_));
        let _ = write!(
            out,
            "<article class=\"{0}{1}\" data-severity=\"{0}\" data-rule=\"{2}\"{3}>\n<h2><span class=\"severity\">{0}</span> {4}</h2>\n",
            finding.severity,
            if waived { " waived" } else { "" },
            escape(&finding.rule),
            if waived { " data-waived" } else { "" },
            if is_ours(&finding.rule) {
                format!("<a href=\"{}\">{}</a>", escape(&rule_url(&finding.rule)), escape(&finding.rule))
            } else {
                escape(&finding.rule)
            },
        );
        let message = self.secrets.mask(&finding.message);
        let _ = writeln!(out, "<p class=\"message\">{}</p>", words(&message));
        let _ =
            writeln!(out, "<p class=\"place\"><code>{}</code> <span>{}</span></p>", escape(&place(&finding.at)), escape(&finding.address));
        if let State::Waived(waiver) = &finding.state {
            let parts = [
                Some(format!("waived by {}", waiver.by)),
                waiver.owner.as_ref().map(|owner| format!("owner {owner}")),
                waiver.until.as_ref().map(|until| format!("until {until}")),
                waiver.reason.clone(),
            ];
            let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let _ = writeln!(out, "<p class=\"waiver\">{}</p>", escape(&self.secrets.mask(&text)));
        }
        if with_source {
            self.source(out, &finding.at);
        }
        for fix in finding.fixes.iter().filter(|fix| fix.dropped.is_none()) {
            let _ = write!(
                out,
                "<details class=\"fix\"><summary>fix ({}): {}</summary>\n<pre>",
                kind(fix),
                words(&self.secrets.mask(&fix.title))
            );
            let lines = if fix.secret {
                vec![(Mark::More, "the change holds a secret and is not shown".to_owned())]
            } else {
                diff(self.report, fix, &finding.at.path, &self.secrets)
            };
            for (mark, line) in lines {
                let (tag, sign) = match mark {
                    Mark::Old => ("del", "- "),
                    Mark::New => ("ins", "+ "),
                    Mark::File | Mark::More => ("span", "  "),
                };
                let _ = writeln!(out, "<{tag}>{sign}{}</{tag}>", escape(&line));
            }
            out.push_str("</pre></details>\n");
        }
        out.push_str("</article>\n");
    }

    fn source(&mut self, out: &mut String, at: &Location) {
        let report = self.report;
        let file =
            self.files.entry(at.path.clone()).or_insert_with(|| (report.text)(&at.path).map(|text| (text.clone(), Lines::new(&text))));
        let Some((text, lines)) = file else { return };
        // A file that changed since it was judged must not be shown at the wrong place.
        if [at.range.start, at.range.end].iter().any(|position| lines.position(text, position.offset) != *position) {
            return;
        }
        let cut = snippet(&at.path, text, lines, &at.range, &self.secrets);
        out.push_str("<pre class=\"source\">");
        let mut number = cut.first_line;
        let _ = write!(out, "<i>{number:>4}</i> ");
        let length = cut.text.trim_end_matches([' ', '\n']).chars().count().max(cut.marked.end);
        for (index, c) in cut.text.chars().take(length).enumerate() {
            if index == cut.marked.start {
                out.push_str("<mark>");
            }
            if c == '\n' {
                number += 1;
                let _ = write!(out, "\n<i>{number:>4}</i> ");
            } else {
                push_escaped(out, c);
            }
            if index + 1 == cut.marked.end {
                out.push_str("</mark>");
            }
        }
        out.push_str("</pre>\n");
    }
}

const fn kind(fix: &Fix) -> &'static str {
    match (fix.trusted, fix.applicability) {
        (false, _) => "shown only",
        (true, Applicability::Safe) => "safe",
        (true, Applicability::Unsafe) => "unsafe",
    }
}

/// Words in which backticks enclose code.
fn words(text: &str) -> String {
    let text = escape(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return text;
    }
    parts.iter().enumerate().map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { (*part).to_owned() }).collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    control(text).chars().for_each(|c| push_escaped(&mut out, c));
    out
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
}
