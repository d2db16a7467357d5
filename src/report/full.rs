//! For people: the source with what is wrong marked, and the fix as a small diff.

use crate::concise::{notice_line, paint, severity_color};
use crate::escape::control;
use crate::{Report, mask};
use ariadne::{CharSet, Color, Config, IndexType, Label, ReportKind, Source};
use plimsoll_finding::{Applicability, Finding, Fix, Location, Severity};
use std::ops::Range;
use std::sync::Arc;

/// Characters of a line that are shown; a minified file has lines of a megabyte.
const WIDTH: usize = 160;
/// Lines of a finding that are shown.
const LINES: u32 = 12;

pub(crate) fn print(report: &Report<'_>, color: bool) -> String {
    let mut out = String::new();
    for finding in report.findings {
        out.push_str(&one(report, finding, color));
        out.push('\n');
    }
    for notice in report.notices {
        out.push_str(&notice_line(notice, color));
        out.push('\n');
    }
    out.push_str(&summary(report, color));
    out
}

/// The closing line; empty when there was nothing at all to count.
pub(crate) fn summary(report: &Report<'_>, color: bool) -> String {
    let fixable = |level: Applicability| {
        report
            .findings
            .iter()
            .filter(|finding| finding.fixes.iter().any(|fix| fix.dropped.is_none() && fix.trusted && fix.applicability == level))
            .count()
    };
    let (safe, unsafe_) = (fixable(Applicability::Safe), fixable(Applicability::Unsafe));
    let count = report.findings.len();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let mut parts = vec![paint(&format!("{count} finding{}", plural(count)), if count == 0 { 32 } else { 1 }, color)];
    if !report.waived.is_empty() {
        parts.push(format!("{} waived", report.waived.len()));
    }
    if report.summary.fixed > 0 {
        parts.push(format!("{} fixed", report.summary.fixed));
    }
    let incomplete = report.notices.iter().filter(|notice| notice.incomplete).count();
    if incomplete > 0 {
        parts.push(paint(&format!("{incomplete} not judged"), 31, color));
    }
    let files = report.summary.files;
    let mut out = format!("{} in {files} file{}\n", parts.join(", "), plural(files));
    if safe + unsafe_ > 0 {
        out.push_str(&format!("fixable: {safe} with --fix, {unsafe_} more with --unsafe-fixes\n"));
    }
    out
}

fn one(report: &Report<'_>, finding: &Finding, color: bool) -> String {
    let head = format!(
        "{} {}",
        paint(&format!("{}[{}]", finding.severity, finding.rule), severity_color(finding.severity), color),
        control(&finding.message)
    );
    let start = finding.at.range.start;
    let mut out = format!("{head}\n");
    match snippet(report, finding, color) {
        Some(snippet) => out.push_str(&snippet),
        None => out.push_str(&format!("  --> {}:{}:{}\n", control(&finding.at.path), start.line, start.column)),
    }
    if finding.addresses.len() > 1 {
        let addresses: Vec<String> = finding.addresses.iter().map(|address| control(address)).collect();
        out.push_str(&format!("  at: {}\n", addresses.join(", ")));
    }
    for fix in &finding.fixes {
        out.push_str(&fix_text(report, fix, color));
    }
    out
}

/// Part of a file: whole lines, cut and masked, and how offsets move.
struct Window {
    text: String,
    first_line: u32,
    /// Per line: byte offset in the file, byte offset in `text`, bytes shown.
    lines: Vec<(usize, usize, usize)>,
}

impl Window {
    /// The lines of `at`, or `None` if the text is another now.
    fn new(text: &str, at: &Location, secrets: &[&Location]) -> Option<Self> {
        let from = at.range.start.offset as usize;
        if from > text.len() || !text.is_char_boundary(from) {
            return None;
        }
        let mut start = text[..from].rfind('\n').map_or(0, |newline| newline + 1);
        let mut window = Self { text: String::new(), first_line: at.range.start.line, lines: vec![] };
        let last = at.range.end.line.min(at.range.start.line + LINES - 1);
        for line in at.range.start.line..=last {
            let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
            let whole = text[start..end].trim_end_matches('\r');
            // The first line is cut around what is marked, the others at their start.
            let skip = if line == at.range.start.line && from - start > WIDTH / 2 {
                whole.floor_char_boundary(from - start - WIDTH / 4)
            } else {
                0
            };
            let shown = &whole[skip..whole.floor_char_boundary(skip + WIDTH)];
            let moved: Vec<Location> = secrets.iter().map(|secret| shift(secret, start + skip)).collect();
            // One character stands for one: labels point by characters.
            let clean: String = mask(shown, &moved.iter().collect::<Vec<_>>())
                .chars()
                .map(|c| {
                    if c == '\t' {
                        ' '
                    } else if c.is_control() {
                        '\u{fffd}'
                    } else {
                        c
                    }
                })
                .collect();
            window.lines.push((start + skip, window.text.len(), shown.len()));
            window.text.push_str(&clean);
            window.text.push('\n');
            if end >= text.len() {
                break;
            }
            start = end + 1;
        }
        Some(window)
    }

    /// Character range in the window of a byte range in the file.
    fn characters(&self, file: &str, start: usize, end: usize) -> Range<usize> {
        let place = |offset: usize| -> usize {
            let line = self.lines.iter().rev().find(|(file_start, ..)| *file_start <= offset).or(self.lines.first());
            let Some((file_start, at, len)) = line else { return 0 };
            let inside = offset.saturating_sub(*file_start).min(*len);
            let before = self.text[..*at].chars().count();
            before + file.get(*file_start..*file_start + inside).map_or(0, |text| text.chars().count())
        };
        let (start, end) = (place(start), place(end));
        start..end.max(start)
    }
}

fn shift(secret: &Location, by: usize) -> Location {
    let mut moved = secret.clone();
    moved.range.start.offset = moved.range.start.offset.saturating_sub(by as u32);
    moved.range.end.offset = moved.range.end.offset.saturating_sub(by as u32);
    moved
}

fn snippet(report: &Report<'_>, finding: &Finding, color: bool) -> Option<String> {
    let text: Arc<str> = (report.text)(&finding.at.path)?;
    let secrets: Vec<&Location> = finding.secrets.iter().filter(|secret| secret.path == finding.at.path).collect();
    let window = Window::new(&text, &finding.at, &secrets)?;
    let path = control(&finding.at.path);
    let main = window.characters(&text, finding.at.range.start.offset as usize, finding.at.range.end.offset as usize);
    let config = Config::default().with_color(color).with_index_type(IndexType::Char).with_char_set(CharSet::Unicode).with_compact(true);
    let kind = ReportKind::Custom("", ansi(finding.severity));
    let mut builder = ariadne::Report::build(kind, (path.clone(), main.clone())).with_config(config);
    builder = builder.with_label(Label::new((path.clone(), main)).with_color(ansi(finding.severity)));
    let last = window.first_line + window.lines.len() as u32;
    for related in &finding.related {
        let near = related.at.path == finding.at.path && (window.first_line..last).contains(&related.at.range.start.line);
        if near {
            let range = window.characters(&text, related.at.range.start.offset as usize, related.at.range.end.offset as usize);
            builder = builder.with_label(Label::new((path.clone(), range)).with_message(control(&related.label)).with_color(Color::Blue));
        } else {
            let start = related.at.range.start;
            builder =
                builder.with_note(format!("{}:{}:{}: {}", control(&related.at.path), start.line, start.column, control(&related.label)));
        }
    }
    let source = Source::from(window.text.clone()).with_display_line_offset(window.first_line as usize - 1);
    let mut bytes = vec![];
    builder.finish().write((path, source), &mut bytes).ok()?;
    let drawn = String::from_utf8(bytes).ok()?;
    // The headline is ours: ariadne's would repeat it.
    Some(drawn.split_once('\n').map_or(drawn.clone(), |(_, rest)| rest.to_owned()))
}

const fn ansi(severity: Severity) -> Color {
    match severity {
        Severity::Critical | Severity::High => Color::Red,
        Severity::Medium => Color::Yellow,
        Severity::Low => Color::Blue,
        Severity::Info => Color::Cyan,
    }
}

fn fix_text(report: &Report<'_>, fix: &Fix, color: bool) -> String {
    let title = control(&fix.title);
    if let Some(why) = &fix.dropped {
        return format!("  fix: {title} (not offered: {})\n", control(why));
    }
    let level = match (fix.trusted, fix.applicability) {
        (false, _) => "shown only: a third party's",
        (true, Applicability::Safe) => "safe",
        (true, Applicability::Unsafe) => "unsafe",
    };
    let mut out = format!("  {} ({level}): {title}\n", paint("fix", 32, color));
    if fix.secret {
        return out;
    }
    for edit in &fix.edits {
        let Some(range) = edit.range else {
            out.push_str(&format!("    {} {}\n", paint("create", 32, color), control(&edit.path)));
            continue;
        };
        let Some(text) = (report.text)(&edit.path) else { continue };
        let (start, end) = (range.start.offset as usize, range.end.offset as usize);
        let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else { continue };
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = end + after.find('\n').unwrap_or(after.len());
        let old = &text[line_start..line_end];
        let new = format!("{}{}{}", &text[line_start..start], edit.text, &text[end..line_end]);
        for (sign, lines, code) in [('-', old, 31), ('+', new.as_str(), 32)] {
            let other = if sign == '-' { new.as_str() } else { old };
            for line in lines.lines().filter(|line| !other.lines().any(|other| other == *line)) {
                let cut = &line[..line.floor_char_boundary(WIDTH)];
                out.push_str(&format!("    {}\n", paint(&format!("{sign} {}", control(cut)), code, color)));
            }
        }
    }
    out
}
