//! `full`: source, reason and fix of every finding, for people.

use crate::diff::{Mark, diff};
use crate::escape::control;
use crate::mask::Masker;
use crate::report::{Printer, Report, Style, linked, place};
use crate::snippet::{Snippet, snippet};
use crate::statistics::total;
use ariadne::{Color, Config, Fmt, IndexType, Label, ReportKind, Source};
use plimsoll_finding::{Applicability, Finding, Fix, Lines, Location, NoticeKind, Severity};
use rayon::prelude::*;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// Related places shown with a finding.
const MAX_RELATED: usize = 4;
/// Lines of a file within which places are drawn. Ariadne numbers lines by counting them, so what stands above is handed over as empty
/// lines (its own line offset reaches the headline only, as of 0.6).
const MAX_LINE: u32 = 50_000;
/// Files below which no threads are started to draw them.
const FEW: usize = 8;
/// Addresses named with a finding.
const MAX_ADDRESSES: usize = 8;

pub(crate) struct Full;

/// A file as it is shown.
struct Shown {
    text: Arc<str>,
    lines: Lines,
}

struct Page<'a> {
    report: &'a Report<'a>,
    secrets: &'a Masker,
    style: &'a Style,
    files: HashMap<Arc<str>, Option<Shown>>,
}

impl Printer for Full {
    fn print(&self, report: &Report, style: &Style) -> String {
        let secrets = report.secrets();
        let page = || Page { report, secrets: &secrets, style, files: HashMap::new() };
        // Drawing takes as long as judging, so it is shared out as well, by file.
        let files: Vec<&[Finding]> = report.findings.chunk_by(|one, next| one.at.path == next.at.path).collect();
        let draw = |findings: &&[Finding]| {
            let (mut page, mut out) = (page(), String::new());
            findings.iter().for_each(|finding| page.finding(&mut out, finding));
            out
        };
        // A few are drawn sooner than threads start.
        let drawn: Vec<String> = if files.len() < FEW { files.iter().map(draw).collect() } else { files.par_iter().map(draw).collect() };
        let mut out = drawn.concat();
        let page = page();
        for notice in report.notices {
            let at = notice.at.as_ref().map(|at| format!(" {}:", control(&place(at)))).unwrap_or_default();
            let color = if notice.incomplete { Color::Red } else { Color::Yellow };
            let kind = page.paint(notice.kind.name(), if notice.kind == NoticeKind::Template { Color::Blue } else { color });
            let _ = writeln!(out, "{kind}:{at} {}", control(&page.secrets.mask(&notice.message)));
        }
        let _ = writeln!(out, "{}", total(report));
        let fixable = |level| {
            let offers =
                |finding: &&Finding| finding.fixes.iter().any(|fix| fix.dropped.is_none() && fix.trusted && fix.applicability == level);
            report.findings.iter().filter(offers).count()
        };
        let (safe, not_safe) = (fixable(Applicability::Safe), fixable(Applicability::Unsafe));
        if safe + not_safe > 0 {
            let _ = writeln!(out, "fixable: {safe} with --fix, {not_safe} more with --unsafe-fixes");
        }
        out
    }
}

impl Page<'_> {
    fn finding(&mut self, out: &mut String, finding: &Finding) {
        let color = match finding.severity {
            Severity::Critical | Severity::High => Color::Red,
            Severity::Medium => Color::Yellow,
            Severity::Low => Color::Blue,
            Severity::Info => Color::Cyan,
        };
        let message = control(&self.secrets.mask(&finding.message));
        let mut places: Vec<(String, Snippet, String, Color)> = Vec::new();
        if let Some(snippet) = self.snippet(&finding.at) {
            let address = control(&finding.address);
            let label = if snippet.cut { format!("{address}, and the lines below") } else { address };
            places.push((control(&finding.at.path), snippet, label, color));
            for related in finding.related.iter().take(MAX_RELATED) {
                if let Some(snippet) = self.snippet(&related.at) {
                    let label = control(&self.secrets.mask(&related.label));
                    places.push((control(&related.at.path), snippet, label, Color::Fixed(147)));
                }
            }
        }
        let head = self.paint(&format!("{}[{}]", finding.severity, linked(&finding.rule, self.style)), color);
        let _ = writeln!(out, "{head} {message}");
        match self.draw(&places, color) {
            Some(drawn) => out.push_str(&drawn),
            None => {
                let _ = writeln!(out, "  at {}", control(&place(&finding.at)));
            }
        }
        if finding.addresses.len() > 1 {
            let addresses: Vec<String> = finding.addresses.iter().take(MAX_ADDRESSES).map(|one| control(one)).collect();
            let more = finding.addresses.len().saturating_sub(MAX_ADDRESSES);
            let _ = writeln!(out, "  for {}{}", addresses.join(", "), if more > 0 { format!(" and {more} more") } else { String::new() });
        }
        for fix in &finding.fixes {
            self.fix(out, finding, fix);
        }
        out.push('\n');
    }

    fn snippet(&mut self, at: &Location) -> Option<Snippet> {
        let report = self.report;
        let file = self
            .files
            .entry(at.path.clone())
            .or_insert_with(|| (report.text)(&at.path).map(|text| Shown { lines: Lines::new(&text), text }));
        let file = file.as_ref()?;
        // A file that changed since it was judged must not be shown at the wrong place, still less cut in a character.
        let fits = at.range.start.line <= MAX_LINE
            && [at.range.start, at.range.end].iter().all(|position| file.lines.position(&file.text, position.offset) == *position);
        fits.then(|| snippet(&at.path, &file.text, &file.lines, &at.range, self.secrets))
    }

    /// Draws with ariadne. Each place is a source of its own, holding the excerpt only: ariadne indexes whole texts and draws whole lines,
    /// which a line of a megabyte would make useless.
    fn draw(&self, places: &[(String, Snippet, String, Color)], color: Color) -> Option<String> {
        let (_, first, _, _) = places.first()?;
        let id = |index: usize| format!("{}{}", places[index].0, "\u{200b}".repeat(index));
        let config = Config::new().with_color(self.style.color).with_index_type(IndexType::Char).with_compact(false);
        let above = |snippet: &Snippet| snippet.first_line.saturating_sub(1) as usize;
        let place =
            |index: usize, snippet: &Snippet| (id(index), snippet.marked.start + above(snippet)..snippet.marked.end + above(snippet));
        let mut drawing = ariadne::Report::build(ReportKind::Custom("", color), place(0, first)).with_config(config);
        let mut sources = Vec::new();
        for (index, (_, snippet, label, color)) in places.iter().enumerate() {
            drawing = drawing.with_label(Label::new(place(index, snippet)).with_color(*color).with_message(label));
            sources.push((id(index), Source::from("\n".repeat(above(snippet)) + &snippet.text)));
        }
        let mut bytes = Vec::new();
        drawing.finish().write(Cache(sources), &mut bytes).ok()?;
        // Only the ids of the second and later places carry these; they keep sources with one path apart.
        let drawn = String::from_utf8(bytes).ok()?.replace('\u{200b}', "");
        // The headline is ours; ariadne's stands on the first line.
        let (_, body) = drawn.split_once('\n')?;
        Some(body.lines().flat_map(|line| [line.trim_end(), "\n"]).collect())
    }

    fn fix(&self, out: &mut String, finding: &Finding, fix: &Fix) {
        let title = control(&self.secrets.mask(&fix.title));
        if let Some(reason) = &fix.dropped {
            let _ = writeln!(out, "  fix: {title} (cannot be written: {})", control(&self.secrets.mask(reason)));
            return;
        }
        let kind = match (fix.trusted, fix.applicability) {
            (false, _) => "shown only",
            (true, Applicability::Safe) => "safe",
            (true, Applicability::Unsafe) => "unsafe",
        };
        let _ = writeln!(out, "  {} ({kind}): {title}", self.paint("fix", Color::Green));
        if fix.secret {
            let _ = writeln!(out, "    the change holds a secret and is not shown");
            return;
        }
        for (mark, line) in diff(self.report, fix, &finding.at.path, self.secrets) {
            let (sign, color) = match mark {
                Mark::File => ("", None),
                Mark::Old => ("- ", Some(Color::Red)),
                Mark::New => ("+ ", Some(Color::Green)),
                Mark::More => ("  ", None),
            };
            let line = format!("{sign}{line}");
            let _ = writeln!(out, "    {}", color.map_or(line.clone(), |color| self.paint(&line, color)));
        }
    }

    fn paint(&self, text: &str, color: Color) -> String {
        if self.style.color { text.fg(color).to_string() } else { text.to_owned() }
    }
}

/// The excerpts of one drawing.
struct Cache(Vec<(String, Source)>);

impl ariadne::Cache<String> for Cache {
    type Storage = String;

    fn fetch(&mut self, id: &String) -> Result<&Source, impl std::fmt::Debug> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, source)| source).ok_or_else(|| format!("no source {id}"))
    }

    fn display<'a>(&self, id: &'a String) -> Option<impl std::fmt::Display + 'a> {
        Some(id.as_str())
    }
}
