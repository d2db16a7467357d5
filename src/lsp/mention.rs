//! Rules that a text names: in a waiver's comment, a peer's comment, an annotation, or a configuration file.

use crate::document::Text;
use std::path::Path;

/// What makes a line one that names rules: ours and the peers'.
const MARKERS: [&str; 15] = [
    "plimsoll:",
    "plimsoll.dev/ignore",
    "hadolint",
    "tally",
    "checkov",
    "bridgecrew",
    "cortex.io/skip",
    "ts:skip=",
    "trivy:ignore:",
    "tfsec:ignore:",
    "kics-scan",
    "dclint",
    "tflint-ignore",
    "kube-linter.io/",
    "check=",
];
/// More of them, where a value lists rules on lines of its own.
const ANNOTATIONS: [&str; 3] = ["polaris.fairwinds.com/", "kubescape.io/skip-controls", "kube-score/ignore"];

/// The selector under an offset, with its bytes, if it stands where rules are named.
pub(crate) fn at(path: &Path, text: &Text, offset: u32) -> Option<(String, (u32, u32))> {
    let (start, end) = text.lines.line_at(&text.text, offset);
    let line = text.text.get(start as usize..end as usize)?;
    if !is_configuration(path) && !names_rules(line) {
        return None;
    }
    let inside = (offset - start) as usize;
    let part_of = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '*' | ':' | '.');
    let from = line[..inside].rfind(|c| !part_of(c)).map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
    let to = line[inside..].find(|c| !part_of(c)).map_or(line.len(), |at| inside + at);
    let mut word = &line[from..to];
    let mut from = from;
    // `trivy:ignore:AVD-DS-0002` and `ignore-check.kube-linter.io/run-as-non-root` name the rule last.
    for prefix in ["trivy:ignore:", "tfsec:ignore:", "ignore-check.kube-linter.io/", "polaris.fairwinds.com/"] {
        if let Some(rest) = word.strip_prefix(prefix) {
            from += prefix.len();
            word = rest;
        }
    }
    let word = word.split(":exp:").next().unwrap_or(word).trim_end_matches(['.', ':']);
    let word = word.strip_suffix("-exempt").unwrap_or(word);
    (!word.is_empty()).then(|| (word.to_owned(), (start + from as u32, start + (from + word.len()) as u32)))
}

/// Whether it is a configuration file of ours.
pub(crate) fn is_configuration(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

fn names_rules(line: &str) -> bool {
    MARKERS.iter().chain(&ANNOTATIONS).any(|marker| line.contains(marker))
}
