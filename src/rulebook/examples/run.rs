//! Running a rule's examples against whatever judges them.

use super::Example;
use crate::Rule;
use plimsoll_finding::Applicability;
use std::fmt::Write as _;

/// What judging one example gave, about the example's rule alone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judged {
    /// File and first line of each finding, and its message.
    pub findings: Vec<(String, u32, String)>,
    /// What went wrong: notices, parse errors, incomplete units. An example must not have any.
    pub notices: Vec<String>,
    /// File and text after all fixes of the wanted kind were applied, for files that changed; `None` where nothing was fixed, and then
    /// texts are not compared.
    pub fixed: Option<Vec<(String, String)>>,
}

/// An example that did not go as it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The rule's file.
    pub path: String,
    /// Line of the example's title.
    pub line: u32,
    /// Title of the example.
    pub title: String,
    /// What differs, one or more lines.
    pub difference: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: example \"{}\"\n{}", self.path, self.line, self.title, self.difference)
    }
}

/// Runs every example of a rule. `judge` gets the example and which fixes to apply (`None`: only find; the text is compared where the example
/// has a fixed one) and gives what the rule alone said.
pub fn judge_examples(rule: &Rule, mut judge: impl FnMut(&Example, Option<Applicability>) -> Result<Judged, String>) -> Vec<Failure> {
    let mut failures = vec![];
    for example in &rule.examples {
        let kind = example.files.iter().filter_map(|file| file.fixed.as_ref()).map(|(kind, _)| *kind).max();
        let difference = match judge(example, kind) {
            Err(cause) => format!("  cannot be judged: {cause}\n"),
            Ok(judged) => compare(example, &judged, kind.is_some()),
        };
        if !difference.is_empty() {
            failures.push(Failure { path: rule.path.clone(), line: example.line, title: example.title.clone(), difference });
        }
    }
    failures
}

fn compare(example: &Example, judged: &Judged, fixing: bool) -> String {
    let mut out = String::new();
    for notice in &judged.notices {
        _ = writeln!(out, "  notice: {notice}");
    }
    for (name, line, message) in &judged.findings {
        if !example.files.iter().any(|file| file.name == *name) {
            _ = writeln!(out, "  {name}:{line}: a finding in a file that the example does not have: {message}");
        }
        if message.trim().is_empty() {
            _ = writeln!(out, "  {name}:{line}: the finding has no message");
        }
    }
    for file in &example.files {
        let found: Vec<_> = judged.findings.iter().filter(|(name, ..)| *name == file.name).collect();
        let mut lines: Vec<u32> = found.iter().map(|(_, line, _)| *line).collect();
        lines.sort_unstable();
        if lines != file.fires {
            let wanted = if file.fires.is_empty() { "silence".to_owned() } else { format!("findings at {}", list(&file.fires)) };
            _ = writeln!(
                out,
                "  {}: expected {wanted}, got {}",
                file.name,
                if lines.is_empty() { "none".to_owned() } else { list(&lines) }
            );
            for (_, line, message) in found {
                _ = writeln!(out, "    {line} | {}", file.text.lines().nth(*line as usize - 1).unwrap_or_default());
                _ = writeln!(out, "      {message}");
            }
        }
        let Some(fixed) = &judged.fixed else { continue };
        let after = fixed.iter().find(|(name, _)| *name == file.name).map_or(file.text.as_str(), |(_, text)| text);
        match &file.fixed {
            Some((_, wanted)) if wanted != after => {
                _ = write!(out, "  {}: the fixed text differs (- expected, + got)\n{}", file.name, difference(wanted, after));
            }
            None if fixing && after != file.text => {
                _ = write!(out, "  {}: must not change by fixing (- before, + after)\n{}", file.name, difference(&file.text, after));
            }
            _ => {}
        }
    }
    out
}

fn list(lines: &[u32]) -> String {
    lines.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// The lines between the common start and end of two texts, with one line around them.
fn difference(wanted: &str, got: &str) -> String {
    let (a, b): (Vec<_>, Vec<_>) = (wanted.split('\n').collect(), got.split('\n').collect());
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut out = String::new();
    if start > 0 {
        _ = writeln!(out, "      {}", a[start - 1]);
    }
    for line in &a[start..a.len() - end] {
        _ = writeln!(out, "    - {line}");
    }
    for line in &b[start..b.len() - end] {
        _ = writeln!(out, "    + {line}");
    }
    if end > 0 {
        _ = writeln!(out, "      {}", a[a.len() - end]);
    }
    out
}
