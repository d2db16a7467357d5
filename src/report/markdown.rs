//! `markdown`: a pull request's comment, in GitHub's and GitLab's dialect, that stays readable at 500 findings.
//!
//! The worst comes first, files fold up, and the text ends before the 65,536 characters that a comment may have.

use crate::escape::control;
use crate::mask::Masker;
use crate::report::{Printer, Report, Style, counted, is_ours, rule_url};
use crate::statistics::total;
use plimsoll_finding::{Finding, Severity};
use std::collections::BTreeMap;

/// Bytes of a comment; GitHub counts characters, of which there are no more.
const MAX_LENGTH: usize = 60_000;
/// Findings up to which one table shows all.
const ONE_TABLE: usize = 15;
/// Rules in the overview.
const TOP_RULES: usize = 10;
/// Characters of a message.
const MAX_MESSAGE: usize = 240;

pub(crate) struct Markdown;

impl Printer for Markdown {
    fn print(&self, report: &Report, _: &Style) -> String {
        let secrets = report.secrets();
        let mut out = String::new();
        out.push_str(&format!("### Plimsoll: {}\n\n", headline(report)));
        let incomplete: Vec<_> = report.notices.iter().filter(|notice| notice.incomplete).collect();
        if !incomplete.is_empty() {
            out.push_str(&format!("**The run is incomplete** ({}):\n\n", counted(incomplete.len(), "problem")));
            for notice in incomplete.iter().take(TOP_RULES) {
                let at = notice.at.as_ref().map(|at| format!("{} line {}: ", code(&at.path), at.range.start.line)).unwrap_or_default();
                out.push_str(&format!("- {at}{}\n", prose(&secrets.mask(&notice.message))));
            }
            if incomplete.len() > TOP_RULES {
                out.push_str(&format!("- and {} more\n", incomplete.len() - TOP_RULES));
            }
            out.push('\n');
        }
        if report.findings.len() > ONE_TABLE {
            overview(&mut out, report);
            files(&mut out, report, &secrets);
        } else if !report.findings.is_empty() {
            let mut findings: Vec<&Finding> = report.findings.iter().collect();
            findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
            out.push_str("| Severity | Where | Rule | Finding |\n|---|---|---|---|\n");
            for finding in findings {
                let place = code(&format!("{}:{}", finding.at.path, finding.at.range.start.line));
                out.push_str(&format!("| {} | {place} | {} | {} |\n", finding.severity, rule(finding), message(finding, &secrets)));
            }
            out.push('\n');
        }
        out.push_str(&format!("{}\n", prose(&total(report))));
        out
    }
}

fn headline(report: &Report) -> String {
    if report.findings.is_empty() {
        return "nothing to report".to_owned();
    }
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (count(severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| format!("{count} {severity}"))
        .collect();
    format!("{} ({})", counted(report.findings.len(), "finding"), parts.join(", "))
}

/// The rules that say most, the worst first.
fn overview(out: &mut String, report: &Report) {
    let mut counts: BTreeMap<&str, (Severity, usize, &Finding)> = BTreeMap::new();
    for finding in report.findings {
        let entry = counts.entry(&finding.rule).or_insert((finding.severity, 0, finding));
        *entry = (entry.0.max(finding.severity), entry.1 + 1, entry.2);
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(id, (severity, count, _))| (std::cmp::Reverse(*severity), std::cmp::Reverse(*count), *id));
    let more = rows.len().saturating_sub(TOP_RULES);
    out.push_str("| Severity | Findings | Rule |\n|---|---:|---|\n");
    for (_, (severity, count, finding)) in rows.into_iter().take(TOP_RULES) {
        out.push_str(&format!("| {severity} | {count} | {} |\n", rule(finding)));
    }
    if more > 0 {
        out.push_str(&format!("\nand {}\n", counted(more, "more rule")));
    }
    out.push('\n');
}

/// A fold for each file, those with the worst findings first, as many as fit.
fn files(out: &mut String, report: &Report, secrets: &Masker) {
    let mut by_path: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        by_path.entry(&finding.at.path).or_default().push(finding);
    }
    let mut order: Vec<_> = by_path.into_iter().collect();
    let worst = |findings: &[&Finding]| findings.iter().map(|finding| finding.severity).max();
    order.sort_by_key(|(path, findings)| (std::cmp::Reverse(worst(findings)), *path));
    let total = order.len();
    let (mut shown, mut left) = (0, 0);
    for (path, findings) in order {
        let fold = fold(path, &findings, secrets);
        // Room for the last lines.
        if left > 0 || out.len() + fold.len() > MAX_LENGTH - 500 {
            left += findings.len();
        } else {
            out.push_str(&fold);
            shown += 1;
        }
    }
    if left > 0 {
        out.push_str(&format!(
            "{} in {} do not fit here: see the whole report.\n\n",
            counted(left, "finding"),
            counted(total - shown, "file")
        ));
    }
}

fn fold(path: &str, findings: &[&Finding], secrets: &Masker) -> String {
    let worst = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
    let title = format!("<code>{}</code>: {}, worst {worst}", html(&control(path)), counted(findings.len(), "finding"));
    let mut out = format!("<details><summary>{title}</summary>\n\n| Line | Severity | Rule | Finding |\n|---:|---|---|---|\n");
    for finding in findings {
        let line = finding.at.range.start.line;
        out.push_str(&format!("| {line} | {} | {} | {} |\n", finding.severity, rule(finding), message(finding, secrets)));
    }
    out.push_str("\n</details>\n\n");
    out
}

fn rule(finding: &Finding) -> String {
    if is_ours(&finding.rule) { format!("[{}]({})", code(&finding.rule), rule_url(&finding.rule)) } else { code(&finding.rule) }
}

fn message(finding: &Finding, secrets: &Masker) -> String {
    let text = secrets.mask(&finding.message);
    let cut: String = text.chars().take(MAX_MESSAGE).collect();
    if cut.len() < text.len() { prose(&format!("{cut}…")) } else { prose(&text) }
}

/// Words in Markdown: nothing in them is markup but code in backticks.
pub fn markdown_words(text: &str) -> String {
    prose(text)
}

/// A span of code in Markdown, in a table or out of it.
pub fn markdown_code(text: &str) -> String {
    code(text)
}

/// Words with code in backticks, in a table or out of it. Nothing in them is markup, a link, a mention or a reference: they quote files that
/// may be hostile.
fn prose(text: &str) -> String {
    let text = control(text);
    let parts: Vec<&str> = text.split('`').collect();
    let closed = parts.len() % 2 == 1;
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1 && (closed || index + 1 < parts.len());
        match (is_code, part.trim().is_empty()) {
            (true, false) => out.push_str(&code(part)),
            (true, true) => out.push_str(&format!("\\`{part}\\`")),
            (false, _) => {
                if index > 0 && !closed && index + 1 == parts.len() {
                    out.push_str("\\`");
                }
                out.push_str(&plain(part));
            }
        }
    }
    out
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            // An empty comment parts what GitHub would make a mention, a reference or a link of, and shows nothing.
            '@' | '#' => out.extend(['\\', c].iter().copied().chain("<!-- -->".chars())),
            ':' => out.push_str(":<!-- -->"),
            'w' | 'W' if out.ends_with(['w', 'W']) => out.extend("<!-- -->".chars().chain([c])),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '`' | '!' | '$' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.replace(":<!-- --> ", ": ")
}

/// A span of code that holds any text on one line, in a table too.
fn code(text: &str) -> String {
    let text = control(text).replace('|', "\\|");
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(prose("user `a|b` is *root*"), "user `a\\|b` is \\*root\\*");
        assert_eq!(prose("ask @team about #12"), "ask \\@<!-- -->team about \\#<!-- -->12");
        assert_eq!(prose("http://x.y"), "http:<!-- -->//x.y");
        assert_eq!(prose("www.x.y"), "w<!-- -->w<!-- -->w.x.y");
        assert_eq!(prose("a: b"), "a: b");
        assert_eq!(prose("one ` tick"), "one \\` tick");
        assert_eq!(code("a`b"), "``a`b``");
    }
}
