//! Rules in SARIF: descriptors, and the taxonomies they refer to.

use super::sentence;
use crate::report::{Report, rule_url};
use plimsoll_finding::{RuleMeta, Severity};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Tags that GitHub keeps of a rule.
const MAX_TAGS: usize = 10;

/// Every rule that ran, by id, with its index.
pub(super) struct Rules<'a> {
    ids: BTreeMap<&'a str, Option<&'a RuleMeta>>,
    /// Taxonomy, its taxa.
    taxa: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(report: &Report<'a>, waived: bool) -> Self {
        let mut ids: BTreeMap<&str, Option<&RuleMeta>> = report.rules.iter().map(|rule| (&*rule.id, Some(rule))).collect();
        // A finding of a rule that is not listed would point nowhere.
        for finding in report.findings.iter().chain(if waived { report.waived } else { &[] }) {
            ids.entry(&finding.rule).or_insert(None);
        }
        let mut taxa: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for rule in ids.values().flatten() {
            for (taxonomy, taxon) in references(rule) {
                taxa.entry(taxonomy).or_default().insert(taxon);
            }
        }
        Self { ids, taxa }
    }

    pub(super) fn index(&self, id: &str) -> usize {
        self.ids.range(..id).count()
    }

    pub(super) fn descriptors(&self) -> Vec<Value> {
        self.ids.iter().map(|(id, rule)| rule.map_or_else(|| unknown(id), |rule| self.descriptor(rule))).collect()
    }

    fn descriptor(&self, rule: &RuleMeta) -> Value {
        let doc = rule.doc.trim();
        let first = doc.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let full = if first.is_empty() { &*rule.title } else { &first };
        let mut markdown = format!("# {}\n\n{}\n", rule.title, if doc.is_empty() { full } else { doc });
        for (title, list) in [("Same as", &rule.aliases), ("Near", &rule.related), ("Controls", &rule.controls)] {
            if !list.is_empty() {
                markdown.push_str(&format!("\n{title}: {}\n", list.join(", ")));
            }
        }
        let mut tags = vec!["security".to_owned(), rule.target.to_string()];
        tags.extend(rule.cwe.iter().map(|cwe| format!("external/cwe/cwe-{cwe:03}")));
        tags.extend(rule.controls.iter().map(ToString::to_string));
        tags.truncate(MAX_TAGS);
        let mut value = json!({
            "id": rule.id,
            "name": pascal_case(&rule.id),
            "shortDescription": {"text": sentence(&rule.title)},
            "fullDescription": {"text": sentence(full)},
            "help": {"text": if doc.is_empty() { sentence(full) } else { doc.to_owned() }, "markdown": markdown},
            "helpUri": rule_url(&rule.id),
            "defaultConfiguration": {"level": level(rule.severity)},
            "properties": {"tags": tags, "precision": "high", "security-severity": security_severity(rule.severity)},
        });
        let relationships: Vec<Value> = references(rule)
            .into_iter()
            .map(|(taxonomy, taxon)| {
                let index = self.taxa.range(..taxonomy.clone()).count();
                json!({"target": {"id": taxon, "toolComponent": {"name": taxonomy, "index": index}}, "kinds": ["relevant"]})
            })
            .collect();
        if !relationships.is_empty() {
            value["relationships"] = relationships.into();
        }
        value
    }

    /// The taxonomies, and how the driver refers to them.
    pub(super) fn taxonomies(&self) -> (Vec<Value>, Vec<Value>) {
        let all = self.taxa.iter().map(|(name, taxa)| {
            let words =
                if name == "CWE" { "Common Weakness Enumeration." } else { "Controls of a compliance framework, by their own ids." };
            let mut value = json!({
                "name": name,
                "shortDescription": {"text": words},
                "isComprehensive": false,
                "taxa": taxa.iter().map(|taxon| json!({"id": taxon})).collect::<Vec<_>>(),
            });
            if name == "CWE" {
                value["organization"] = "MITRE".into();
                value["informationUri"] = "https://cwe.mitre.org".into();
            }
            value
        });
        let supported = self.taxa.keys().enumerate().map(|(index, name)| json!({"name": name, "index": index}));
        (all.collect(), supported.collect())
    }
}

/// What a rule belongs to: (taxonomy, taxon).
fn references(rule: &RuleMeta) -> Vec<(String, String)> {
    let cwe = rule.cwe.iter().map(|cwe| ("CWE".to_owned(), format!("CWE-{cwe}")));
    let controls =
        rule.controls.iter().filter_map(|control| control.split_once(':')).map(|(framework, id)| (framework.to_owned(), id.to_owned()));
    cwe.chain(controls).collect()
}

fn unknown(id: &str) -> Value {
    let text = sentence(&format!("Rule {id}"));
    json!({"id": id, "name": pascal_case(id), "shortDescription": {"text": text}, "fullDescription": {"text": text}, "help": {"text": text, "markdown": text}})
}

/// SARIF's level of a severity.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// GitHub's scale: above 9.0 critical, from 7.0 high, from 4.0 medium, else low.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.5",
    }
}

fn pascal_case(id: &str) -> String {
    let words = id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.flat_map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1))).collect()
}
