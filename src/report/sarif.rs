//! SARIF 2.1.0, as GitHub code scanning and the OASIS schema want it.

use crate::Report;
use crate::escape::control;
use crate::sarif_hash::line_hashes;
use crate::sarif_rule::{descriptor, full_stop, level};
use plimsoll_finding::{Edit, Finding, Location, Notice, NoticeKind, Range, RuleMeta, State, Waived};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// GitHub shows the worst 5,000 results of a run.
const MAX_RESULTS: usize = 5_000;
/// Bytes of a snippet; a line may be a megabyte long.
const MAX_SNIPPET: usize = 1_000;

/// Choices of the format.
#[derive(Clone, Debug, Default)]
pub struct SarifOptions {
    /// Whether waived findings are written, as suppressed results. GitHub shows those as open alerts, so by default they are left out.
    pub suppressed: bool,
    /// Category of the run, for several uploads of one commit.
    pub category: Option<String>,
}

pub(crate) fn print(report: &Report<'_>, options: &SarifOptions) -> String {
    let mut results: Vec<&Finding> = report.findings.iter().collect();
    if options.suppressed {
        results.extend(report.waived);
    }
    let cut = results.len().saturating_sub(MAX_RESULTS);
    if cut > 0 {
        // Stable: within a severity the order of the report stays.
        results.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        results.truncate(MAX_RESULTS);
    }
    let mut writer = Writer { report, rules: &rules(report, &results), hashes: HashMap::new() };
    let results: Vec<Value> = results.into_iter().map(|finding| writer.result(finding)).collect();
    let descriptors: Vec<Value> = writer.rules.iter().map(|rule| descriptor(rule)).collect();
    let mut notifications: Vec<Value> = report.notices.iter().map(notification).collect();
    if cut > 0 {
        let text = format!("{cut} results were left out: GitHub keeps the {MAX_RESULTS} worst of a run.");
        notifications.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    let complete = !report.notices.iter().any(|notice| notice.incomplete);
    let mut driver = json!({
        "name": "Plimsoll",
        "organization": "Plimsoll",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": "https://plimsoll.dev",
        "rules": descriptors,
    });
    let cwes: BTreeSet<u32> = writer.rules.iter().flat_map(|rule| rule.cwe.iter().copied()).collect();
    let mut run = json!({
        "tool": { "driver": {} },
        "automationDetails": { "id": format!("plimsoll/{}/", options.category.as_deref().unwrap_or("check")) },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { "SRCROOT": { "description": { "text": "The directory the run started in." } } },
        "invocations": [{ "executionSuccessful": complete, "toolExecutionNotifications": notifications }],
        "results": results,
    });
    if !cwes.is_empty() {
        driver["supportedTaxonomies"] = json!([{ "name": "CWE", "index": 0 }]);
        let taxa: Vec<Value> = cwes.iter().map(|cwe| json!({ "id": format!("CWE-{cwe}") })).collect();
        run["taxonomies"] = json!([{ "name": "CWE", "organization": "MITRE", "shortDescription": { "text": "Common Weakness Enumeration." }, "taxa": taxa }]);
    }
    run["tool"]["driver"] = driver;
    let extensions: Vec<Value> = report
        .plugins
        .iter()
        .map(|(name, version, digest)| json!({ "name": name, "version": version, "properties": { "sha256": digest } }))
        .collect();
    if !extensions.is_empty() {
        run["tool"]["extensions"] = Value::Array(extensions);
    }
    let log = json!({ "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run] });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

/// Every rule that ran, and those that only results name, by id.
fn rules<'a>(report: &'a Report<'_>, results: &[&Finding]) -> Vec<&'a RuleMeta> {
    let fired: BTreeSet<&str> = results.iter().map(|finding| &*finding.rule).collect();
    let known: BTreeMap<&str, &RuleMeta> = report.rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    debug_assert!(fired.iter().all(|rule| known.contains_key(rule)), "every rule that fires is among those that ran");
    known.into_values().collect()
}

struct Writer<'a, 'r> {
    report: &'a Report<'r>,
    rules: &'a [&'a RuleMeta],
    hashes: HashMap<Arc<str>, Vec<String>>,
}

impl Writer<'_, '_> {
    fn result(&mut self, finding: &Finding) -> Value {
        let line = finding.at.range.start.line;
        let mut prints = Map::new();
        if let Some(hash) = self.line_hash(&finding.at.path, line) {
            prints.insert("primaryLocationLineHash".into(), json!(hash));
        }
        prints.insert("plimsoll/v1".into(), json!(finding.fingerprint));
        let mut place = self.physical(&finding.at, &finding.secrets, true);
        place["logicalLocations"] = finding.addresses.iter().map(|address| json!({ "fullyQualifiedName": control(address) })).collect();
        let mut result = json!({
            "ruleId": &*finding.rule,
            "level": level(finding.severity),
            "message": { "text": full_stop(&control(&finding.message)) },
            "locations": [place],
            "partialFingerprints": prints,
        });
        if let Ok(index) = self.rules.binary_search_by(|rule| rule.id.as_str().cmp(&finding.rule)) {
            result["ruleIndex"] = json!(index);
        }
        if !finding.related.is_empty() {
            let related = finding.related.iter().enumerate().map(|(id, other)| {
                let mut place = self.physical(&other.at, &finding.secrets, false);
                place["id"] = json!(id);
                place["message"] = json!({ "text": full_stop(&control(&other.label)) });
                place
            });
            result["relatedLocations"] = related.collect();
        }
        let fixes: Vec<Value> = finding
            .fixes
            .iter()
            .filter(|fix| fix.dropped.is_none() && !fix.secret && !fix.edits.is_empty())
            .filter_map(|fix| {
                // SARIF has no word for a new file.
                if fix.edits.iter().any(|edit| edit.range.is_none()) {
                    return None;
                }
                let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
                for edit in &fix.edits {
                    files.entry(&edit.path).or_default().push(replacement(edit));
                }
                let changes: Vec<Value> = files
                    .into_iter()
                    .map(|(path, replacements)| json!({ "artifactLocation": artifact(path), "replacements": replacements }))
                    .collect();
                Some(json!({ "description": { "text": full_stop(&control(&fix.title)) }, "artifactChanges": changes }))
            })
            .collect();
        if !fixes.is_empty() {
            result["fixes"] = Value::Array(fixes);
        }
        if let State::Waived(waived) = &finding.state {
            result["suppressions"] = json!([suppression(waived)]);
        }
        result
    }

    fn line_hash(&mut self, path: &Arc<str>, line: u32) -> Option<String> {
        if !self.hashes.contains_key(path) {
            let hashes = (self.report.text)(path).map(|text| line_hashes(&text)).unwrap_or_default();
            self.hashes.insert(path.clone(), hashes);
        }
        self.hashes.get(path)?.get(line as usize - 1).cloned()
    }

    fn physical(&self, at: &Location, secrets: &[Location], snippet: bool) -> Value {
        let mut physical = json!({ "artifactLocation": artifact(&at.path), "region": region(at.range) });
        if snippet && let Some(text) = (self.report.text)(&at.path) {
            let own: Vec<&Location> = secrets.iter().filter(|secret| secret.path == at.path).collect();
            let (start, end) = (at.range.start.offset as usize, at.range.end.offset as usize);
            if let Some(shown) = text.get(start..end.min(text.floor_char_boundary(start + MAX_SNIPPET))) {
                let moved: Vec<Location> = own
                    .iter()
                    .map(|secret| {
                        let mut secret = (*secret).clone();
                        secret.range.start.offset = secret.range.start.offset.saturating_sub(start as u32);
                        secret.range.end.offset = secret.range.end.offset.saturating_sub(start as u32);
                        secret
                    })
                    .collect();
                physical["region"]["snippet"] = json!({ "text": crate::mask(shown, &moved.iter().collect::<Vec<_>>()) });
            }
        }
        json!({ "physicalLocation": physical })
    }
}

fn region(range: Range) -> Value {
    json!({
        "startLine": range.start.line, "startColumn": range.start.column, "endLine": range.end.line, "endColumn": range.end.column,
        "byteOffset": range.start.offset, "byteLength": range.end.offset - range.start.offset,
    })
}

fn replacement(edit: &Edit) -> Value {
    let range = edit.range.unwrap_or_default();
    json!({ "deletedRegion": region(range), "insertedContent": { "text": edit.text } })
}

/// Relative to where the run started, percent-encoded; absolute paths become file URIs.
fn artifact(path: &str) -> Value {
    let uri = encode(path);
    if path.starts_with('/') { json!({ "uri": format!("file://{uri}") }) } else { json!({ "uri": uri, "uriBaseId": "SRCROOT" }) }
}

fn encode(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/@+,=".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

fn suppression(waived: &Waived) -> Value {
    let external = matches!(waived.by.as_str(), "config" | "baseline");
    let mut out = json!({ "kind": if external { "external" } else { "inSource" }, "status": "accepted" });
    if let Some(reason) = &waived.reason {
        out["justification"] = json!(control(reason));
    }
    out
}

fn notification(notice: &Notice) -> Value {
    let mut out = json!({
        "level": if notice.incomplete { "error" } else { "note" },
        "message": { "text": full_stop(&control(&notice.message)) },
        "descriptor": { "id": format!("plimsoll/{}", notice.kind.name()) },
    });
    if let Some(at) = &notice.at {
        out["locations"] = json!([{ "physicalLocation": { "artifactLocation": artifact(&at.path), "region": region(at.range) } }]);
    }
    if notice.kind == NoticeKind::Template {
        out["level"] = json!("none");
    }
    out
}
