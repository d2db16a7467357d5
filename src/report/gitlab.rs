//! `gitlab`: a Code Quality report, which GitLab shows in merge requests (`artifacts:reports:codequality`).

use crate::escape::control;
use crate::report::{Printer, Report, Style};
use plimsoll_finding::{Finding, Location, Severity};
use serde_json::{Value, json};
use std::collections::HashMap;

pub(crate) struct Gitlab;

impl Printer for Gitlab {
    fn print(&self, report: &Report, style: &Style) -> String {
        let secrets = report.secrets();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut issues: Vec<Value> = Vec::new();
        for finding in report.findings {
            // GitLab drops issues whose fingerprint it has met, so what one thing has twice is numbered.
            let count = seen.entry(&finding.fingerprint).or_default();
            *count += 1;
            let fingerprint = if *count == 1 { finding.fingerprint.clone() } else { format!("{}-{count}", finding.fingerprint) };
            issues.push(issue(finding, &fingerprint, &control(&secrets.mask(&finding.message)), style));
        }
        for (index, notice) in report.notices.iter().filter(|notice| notice.incomplete).enumerate() {
            // The format has no place for what could not be judged, and a report without it would look clean.
            let Some(at) = &notice.at else { continue };
            issues.push(json!({
                "type": "issue",
                "check_name": format!("plimsoll/{}", notice.kind.name()),
                "description": control(&secrets.mask(&notice.message)),
                "categories": ["Bug Risk"],
                "severity": "major",
                "fingerprint": format!("incomplete-{}-{index}", notice.kind.name()),
                "location": location(at, style),
            }));
        }
        format!("{}\n", Value::Array(issues))
    }
}

fn issue(finding: &Finding, fingerprint: &str, message: &str, style: &Style) -> Value {
    json!({
        "type": "issue",
        "check_name": &*finding.rule,
        "description": message,
        "categories": ["Security"],
        "severity": match finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Info => "info",
        },
        "fingerprint": fingerprint,
        "location": location(&finding.at, style),
    })
}

fn location(at: &Location, style: &Style) -> Value {
    let path = if style.base.is_empty() || at.path.starts_with('/') { at.path.to_string() } else { format!("{}/{}", style.base, at.path) };
    json!({"path": control(&path), "lines": {"begin": at.range.start.line.max(1), "end": at.range.end.line.max(at.range.start.line).max(1)}})
}
