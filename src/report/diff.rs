//! A fix as a small diff.

use crate::escape::lines;
use crate::mask::Masker;
use crate::report::Report;
use plimsoll_finding::{Edit, Fix};
use std::collections::BTreeMap;

/// Lines of a diff beyond which the rest is only counted.
const MAX_LINES: usize = 16;
/// Characters of a line.
const MAX_WIDTH: usize = 160;

/// What a line of a diff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    File,
    Old,
    New,
    More,
}

/// The lines of a fix's diff, escaped and masked. Empty if there is nothing to show.
pub(crate) fn diff(report: &Report, fix: &Fix, home: &str, secrets: &Masker) -> Vec<(Mark, String)> {
    let mut by_path: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        by_path.entry(&edit.path).or_default().push(edit);
    }
    let mut out = Vec::new();
    let several = by_path.len() > 1;
    for (path, edits) in by_path {
        if several || path != home {
            out.push((Mark::File, path.to_owned()));
        }
        let text = (report.text)(path);
        for (old, new) in changes(text.as_deref().unwrap_or_default(), &edits) {
            let masked = |line: String| secrets.mask_for(path, &line);
            out.extend(old.into_iter().map(|line| (Mark::Old, masked(line))));
            out.extend(new.into_iter().map(|line| (Mark::New, masked(line))));
        }
    }
    let more = out.len().saturating_sub(MAX_LINES);
    if more > 1 {
        out.truncate(MAX_LINES);
        out.push((Mark::More, format!("… {more} more lines")));
    }
    out.into_iter().map(|(mark, line)| (mark, cut(&lines(&line)))).collect()
}

fn cut(line: &str) -> String {
    if line.chars().count() <= MAX_WIDTH { line.to_owned() } else { line.chars().take(MAX_WIDTH).chain(['…']).collect() }
}

/// Old and new lines of each run of edits that touch the same lines.
fn changes(text: &str, edits: &[&Edit]) -> Vec<(Vec<String>, Vec<String>)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < edits.len() {
        let Some(first) = edits[at].range else {
            out.push((Vec::new(), edits[at].text.lines().map(str::to_owned).collect()));
            at += 1;
            continue;
        };
        let mut last_line = first.end.line;
        let mut to = at + 1;
        while let Some(range) = edits.get(to).and_then(|edit| edit.range).filter(|range| range.start.line <= last_line) {
            last_line = last_line.max(range.end.line);
            to += 1;
        }
        let end = edits[at..to].iter().filter_map(|edit| edit.range).map(|range| range.end.offset as usize).max().unwrap_or_default();
        let from = line_start(text, first.start.offset as usize);
        let until = line_end(text, end);
        let Some(old) = text.get(from..until) else { return out };
        let mut new = String::new();
        let mut copied = from;
        for edit in &edits[at..to] {
            let Some(range) = edit.range else { continue };
            new.push_str(text.get(copied..range.start.offset as usize).unwrap_or_default());
            new.push_str(&edit.text);
            copied = range.end.offset as usize;
        }
        new.push_str(text.get(copied..until).unwrap_or_default());
        out.push(trimmed(old, &new));
        at = to;
    }
    out
}

/// Lines that differ, without the common ones before and behind.
fn trimmed(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let before = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[before..], &new[before..]);
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let owned = |lines: &[&str]| lines[..lines.len() - behind].iter().map(|line| line.trim_end_matches('\r').to_owned()).collect();
    (owned(old), owned(new))
}

fn line_start(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    text.as_bytes()[offset..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| offset + at)
}
