//! Findings in SARIF.

use super::place::{Places, region, uri};
use super::rule::{Rules, level};
use super::sentence;
use crate::mask::Masker;
use plimsoll_finding::{Finding, Fix, State};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) fn result(finding: &Finding, rules: &Rules, places: &mut Places, suppressions: bool) -> Value {
    let secrets = places.secrets;
    let masked = |text: &str| secrets.mask(text);
    let mut fingerprints = Map::new();
    if let Some(hash) = places.hash(&finding.at) {
        fingerprints.insert("primaryLocationLineHash".into(), hash.into());
    }
    if !finding.fingerprint.is_empty() {
        fingerprints.insert("plimsoll/v1".into(), finding.fingerprint.clone().into());
    }
    let mut location = json!({"physicalLocation": places.full(&finding.at)});
    let names: Vec<Value> = finding.addresses.iter().take(100).map(|address| json!({"fullyQualifiedName": masked(address)})).collect();
    if !names.is_empty() {
        location["logicalLocations"] = names.into();
    }
    let mut value = json!({
        "ruleId": &*finding.rule,
        "ruleIndex": rules.index(&finding.rule),
        "level": level(finding.severity),
        "message": {"text": sentence(&masked(&finding.message))},
        "locations": [location],
        "partialFingerprints": fingerprints,
        "properties": {"severity": finding.severity},
    });
    let related: Vec<Value> = finding
        .related
        .iter()
        .take(100)
        .enumerate()
        .map(|(id, related)| json!({"id": id, "physicalLocation": Places::bare(&related.at), "message": {"text": sentence(&masked(&related.label))}}))
        .collect();
    if !related.is_empty() {
        value["relatedLocations"] = related.into();
    }
    let fixes: Vec<Value> = finding.fixes.iter().filter_map(|one| fix(one, secrets)).collect();
    if !fixes.is_empty() {
        value["fixes"] = fixes.into();
    }
    if suppressions {
        // The standard asks for the property on every result once one has it.
        value["suppressions"] = match &finding.state {
            State::Active => json!([]),
            State::Waived(waived) => {
                let kind = if matches!(waived.by.as_str(), "config" | "baseline") { "external" } else { "inSource" };
                let mut suppression = json!({"kind": kind, "status": "accepted"});
                if let Some(reason) = &waived.reason {
                    suppression["justification"] = masked(reason).into();
                }
                if let Some(at) = &waived.at {
                    suppression["location"] = json!({"physicalLocation": Places::bare(at)});
                }
                json!([suppression])
            }
        };
    }
    value
}

/// A fix whose edits can be shown. SARIF has no way to create a file, and one with a secret must not be stored.
fn fix(fix: &Fix, secrets: &Masker) -> Option<Value> {
    let holds_secret = fix.secret || fix.edits.iter().any(|edit| secrets.finds_for(&edit.path, &edit.text));
    if holds_secret || fix.edits.is_empty() || fix.edits.iter().any(|edit| edit.range.is_none()) {
        return None;
    }
    let mut changes: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let at = plimsoll_finding::Location { path: edit.path.clone(), range: edit.range? };
        let mut replacement = json!({"deletedRegion": region(&at)});
        if !edit.text.is_empty() {
            replacement["insertedContent"] = json!({"text": edit.text});
        }
        changes.entry(&edit.path).or_default().push(replacement);
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(path, replacements)| json!({"artifactLocation": {"uri": uri(path)}, "replacements": replacements}))
        .collect();
    Some(json!({"description": {"text": sentence(&secrets.mask(&fix.title))}, "artifactChanges": changes}))
}
