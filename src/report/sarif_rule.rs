//! Rules as SARIF reporting descriptors.

use plimsoll_finding::{RuleMeta, Severity};
use serde_json::{Value, json};

/// GitHub keeps ten tags.
const MAX_TAGS: usize = 10;

pub(crate) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// GitHub's bands: above 9.0 critical, from 7.0 high, from 4.0 medium, below low. It must be above 0.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

pub(crate) fn descriptor(rule: &RuleMeta) -> Value {
    let first = rule.doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let text = if rule.doc.trim().is_empty() { rule.title.clone() } else { rule.doc.trim().to_owned() };
    let mut tags = vec!["security".to_owned(), rule.target.clone()];
    tags.extend(rule.cwe.iter().map(|cwe| format!("external/cwe/cwe-{cwe:03}")));
    tags.extend(rule.controls.iter().cloned());
    tags.truncate(MAX_TAGS);
    let cwe = rule
        .cwe
        .iter()
        .map(|cwe| json!({ "target": { "id": format!("CWE-{cwe}"), "toolComponent": { "name": "CWE" } }, "kinds": ["relevant"] }));
    let mut out = json!({
        "id": rule.id,
        "name": pascal_case(&rule.id),
        "shortDescription": { "text": full_stop(&rule.title) },
        "fullDescription": { "text": full_stop(if first.trim().is_empty() { &rule.title } else { first.trim() }) },
        "help": { "text": text, "markdown": text },
        "helpUri": help_uri(&rule.id),
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": tags, "precision": "very-high", "security-severity": security_severity(rule.severity), "problem.severity": problem_severity(rule.severity) },
    });
    let relationships: Vec<Value> = cwe.collect();
    if !relationships.is_empty() {
        out["relationships"] = Value::Array(relationships);
    }
    out
}

const fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

/// Where a rule is explained.
pub(crate) fn help_uri(id: &str) -> String {
    format!("https://plimsoll.dev/rules/{id}")
}

fn pascal_case(id: &str) -> String {
    let words = id.split(['/', '-', '_']);
    words
        .map(|word| word.chars().next().map_or_else(String::new, |first| first.to_uppercase().chain(word.chars().skip(1)).collect()))
        .collect()
}

/// GitHub shows the first sentence as the title, so there is one.
pub(crate) fn full_stop(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}
