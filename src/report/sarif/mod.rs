//! `sarif`: SARIF 2.1.0 as GitHub's code scanning reads it, complete for other readers too.

mod place;
mod result;
mod rule;

use crate::mask::Masker;
use crate::report::{HOME, Printer, Report, Style};
use place::Places;
pub(crate) use place::uri;
use plimsoll_finding::{Finding, Notice, NoticeKind};
use serde_json::{Map, Value, json};

/// Results that GitHub keeps of a run.
const MAX_RESULTS: usize = 5_000;
pub(crate) struct Sarif;

impl Printer for Sarif {
    fn print(&self, report: &Report, style: &Style) -> String {
        let secrets = report.secrets();
        let mut places = Places::new(report, &secrets);
        let rules = rule::Rules::new(report, style.sarif.suppressed);
        let mut findings: Vec<&Finding> = report.findings.iter().collect();
        if style.sarif.suppressed {
            findings.extend(report.waived);
        }
        let total = findings.len();
        if total > MAX_RESULTS {
            // The sort is stable: among equals the order of the report decides what is kept.
            findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
            findings.truncate(MAX_RESULTS);
        }
        let results: Vec<Value> =
            findings.iter().map(|finding| result::result(finding, &rules, &mut places, style.sarif.suppressed)).collect();
        let mut execution: Vec<Value> = Vec::new();
        let mut configuration: Vec<Value> = Vec::new();
        for notice in report.notices {
            let list = if notice.kind == NoticeKind::Config { &mut configuration } else { &mut execution };
            list.push(notification(notice, &secrets));
        }
        if total > MAX_RESULTS {
            let text = format!("{total} results are more than GitHub keeps; these are the {MAX_RESULTS} most severe.");
            execution.push(json!({"level": "warning", "message": {"text": text}}));
        }
        let mut invocation = json!({"executionSuccessful": report.notices.iter().all(|notice| !notice.incomplete)});
        for (key, list) in [("toolExecutionNotifications", execution), ("toolConfigurationNotifications", configuration)] {
            if !list.is_empty() {
                invocation[key] = list.into();
            }
        }
        let category = style.sarif.category.as_deref().map(|category| format!("{}/", category.trim_matches('/'))).unwrap_or_default();
        let mut driver = json!({
            "name": "Plimsoll",
            "organization": "Plimsoll",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": HOME,
            "rules": rules.descriptors(),
        });
        let (taxonomies, supported) = rules.taxonomies();
        let mut tool = Map::new();
        if !taxonomies.is_empty() {
            driver["supportedTaxonomies"] = supported.into();
        }
        tool.insert("driver".into(), driver);
        if !report.plugins.is_empty() {
            let extensions = report
                .plugins
                .iter()
                .map(|(name, version, digest)| json!({"name": name, "version": version, "properties": {"sha256": digest}}));
            tool.insert("extensions".into(), extensions.collect());
        }
        let mut run = json!({
            "tool": tool,
            "automationDetails": {"id": format!("plimsoll/{category}")},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": results,
        });
        if !taxonomies.is_empty() {
            run["taxonomies"] = taxonomies.into();
        }
        let log = json!({"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "version": "2.1.0", "runs": [run]});
        format!("{log}\n")
    }
}

fn notification(notice: &Notice, secrets: &Masker) -> Value {
    let level = match notice.kind {
        _ if notice.incomplete => "error",
        NoticeKind::Template => "note",
        _ => "warning",
    };
    let mut value = json!({"descriptor": {"id": format!("notice/{}", notice.kind.name())}, "level": level, "message": {"text": sentence(&secrets.mask(&notice.message))}});
    if let Some(at) = &notice.at {
        value["locations"] = json!([{"physicalLocation": Places::bare(at)}]);
    }
    value
}

/// A sentence with its full stop: GitHub shows the first one as an alert's title. What would be an embedded link (a plugin's message, or a
/// value it quotes) is taken apart, so that an alert leads nowhere.
fn sentence(text: &str) -> String {
    let text = text.trim_end().replace("](", "] (");
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}
