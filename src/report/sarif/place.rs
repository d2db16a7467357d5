//! Places in SARIF: URIs, regions, snippets, and the hash of a line.

use crate::line_hash::line_hashes;
use crate::mask::Masker;
use crate::report::Report;
use plimsoll_finding::{Lines, Location};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// Characters of a snippet; a viewer reads the file itself.
const MAX_SNIPPET: usize = 400;

struct File {
    text: Arc<str>,
    lines: Lines,
    hashes: Vec<String>,
}

/// Files by reported path, read once each.
pub(super) struct Places<'a> {
    report: &'a Report<'a>,
    pub(super) secrets: &'a Masker,
    files: HashMap<Arc<str>, Option<File>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(report: &'a Report<'a>, secrets: &'a Masker) -> Self {
        Self { report, secrets, files: HashMap::new() }
    }

    fn file(&mut self, path: &Arc<str>) -> Option<&File> {
        let report = self.report;
        let read = || (report.text)(path).map(|text| File { lines: Lines::new(&text), hashes: line_hashes(&text), text });
        self.files.entry(path.clone()).or_insert_with(read).as_ref()
    }

    /// GitHub's hash of the line where a place starts.
    pub(super) fn hash(&mut self, at: &Location) -> Option<String> {
        self.file(&at.path)?.hashes.get(at.range.start.line.max(1) as usize - 1).cloned()
    }

    /// A place without its text.
    pub(super) fn bare(at: &Location) -> Value {
        json!({"artifactLocation": {"uri": uri(&at.path)}, "region": region(at)})
    }

    /// A place with its text and the lines around it. What spans several lines is given as its first: GitHub shows an alert on a pull
    /// request only if all lines of its region are part of the change.
    pub(super) fn full(&mut self, at: &Location) -> Value {
        let secrets = self.secrets;
        let mut value = json!({"artifactLocation": {"uri": uri(&at.path)}, "region": region(at)});
        let Some(file) = self.file(&at.path) else { return value };
        let start = at.range.start.offset as usize;
        let line_end = |from: usize| file.text.get(from..).and_then(|rest| rest.find('\n')).map_or(file.text.len(), |length| from + length);
        let mut end = at.range.end.offset as usize;
        if at.range.end.line > at.range.start.line {
            end = end.min(line_end(start));
            let last = file.lines.position(&file.text, end as u32);
            let trimmed = file.text.get(start..end).is_some_and(|text| text.ends_with('\r'));
            value["region"]["endLine"] = at.range.start.line.into();
            value["region"]["endColumn"] = (last.column - u32::from(trimmed)).max(at.range.start.column).into();
        }
        if file.text.get(start..end).is_some_and(|text| !text.trim_end_matches(['\r', '\n']).is_empty()) {
            let text = secrets.mask_in(&at.path, &file.text, &(start..end));
            value["region"]["snippet"] = json!({"text": cut(text.trim_end_matches(['\r', '\n']))});
        }
        let (first, last) = (at.range.start.line.saturating_sub(2).max(1), (at.range.start.line + 2).min(file.lines.count()));
        let context = file.lines.start(first) as usize..line_end(file.lines.start(last) as usize);
        // A context must hold more than the region itself.
        if last > first && file.text.get(context.clone()).is_some() {
            let text = secrets.mask_in(&at.path, &file.text, &context);
            let lines: Vec<String> = text.lines().map(|line| cut(line.trim_end_matches('\r'))).collect();
            value["contextRegion"] = json!({"startLine": first, "endLine": last, "snippet": {"text": lines.join("\n")}});
        }
        value
    }
}

/// A region with all four coordinates.
pub(super) fn region(at: &Location) -> Value {
    let (start, end) = (at.range.start, at.range.end);
    json!({"startLine": start.line.max(1), "startColumn": start.column.max(1), "endLine": end.line.max(start.line).max(1), "endColumn": end.column.max(1)})
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_SNIPPET { text.to_owned() } else { text.chars().take(MAX_SNIPPET).collect() }
}

/// A path as a URI: relative as it is, absolute with the file scheme.
pub(crate) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b'+' | b'@' | b',' | b'=' => {
                out.push(byte as char);
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/Dockerfile#1"), "a%20b/Dockerfile%231");
        assert_eq!(uri("/tmp/é:x"), "file:///tmp/%C3%A9%3Ax");
    }
}
