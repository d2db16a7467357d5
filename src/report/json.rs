//! Schema plimsoll/check/1: 1-based lines, columns in Unicode scalar values, byte offsets too. Within the version it only grows.

use crate::Report;
use plimsoll_finding::{Edit, Finding, Fix, Location, Notice, Range, State};
use serde_json::{Map, Value, json};

pub(crate) fn print(report: &Report<'_>) -> String {
    let summary = report.summary;
    let value = json!({
        "schema": "plimsoll/check/1",
        "version": env!("CARGO_PKG_VERSION"),
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "waived": report.waived.iter().map(finding).collect::<Vec<_>>(),
        "notices": report.notices.iter().map(notice).collect::<Vec<_>>(),
        "summary": {
            "files": summary.files,
            "judged": summary.judged,
            "findings": report.findings.len(),
            "waived": report.waived.len(),
            "disabled": summary.disabled,
            "fixed": summary.fixed,
            "seconds": summary.seconds,
        },
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn finding(finding: &Finding) -> Value {
    let mut out = Map::new();
    out.insert("rule".into(), json!(&*finding.rule));
    out.insert("severity".into(), json!(finding.severity));
    out.insert("message".into(), json!(finding.message));
    out.insert("path".into(), json!(&*finding.at.path));
    out.insert("address".into(), json!(finding.address));
    out.insert("addresses".into(), json!(finding.addresses));
    out.insert("fingerprint".into(), json!(finding.fingerprint));
    out.insert("range".into(), range(finding.at.range));
    let related = finding.related.iter().map(|other| {
        let mut out = location(&other.at);
        out.insert("label".into(), json!(other.label));
        Value::Object(out)
    });
    out.insert("related".into(), related.collect());
    out.insert("fixes".into(), finding.fixes.iter().map(fix).collect());
    if let State::Waived(waived) = &finding.state {
        let mut waiver = json!(waived);
        if let (Some(map), Some(at)) = (waiver.as_object_mut(), &waived.at) {
            map.extend(location(at));
        }
        out.insert("waiver".into(), waiver);
    }
    Value::Object(out)
}

fn fix(fix: &Fix) -> Value {
    let mut out = json!({ "title": fix.title, "applicability": fix.applicability });
    if let Some(why) = &fix.dropped {
        out["dropped"] = json!(why);
    }
    // Edits that contain a secret stay out of every report.
    let edits: Vec<Value> = if fix.secret { vec![] } else { fix.edits.iter().map(edit).collect() };
    out["edits"] = Value::Array(edits);
    out
}

fn edit(edit: &Edit) -> Value {
    match edit.range {
        Some(at) => json!({ "path": &*edit.path, "range": range(at), "text": edit.text }),
        None => json!({ "path": &*edit.path, "create": true, "text": edit.text }),
    }
}

fn notice(notice: &Notice) -> Value {
    let mut out = Map::new();
    out.insert("kind".into(), json!(notice.kind));
    if let Some(at) = &notice.at {
        out.extend(location(at));
    }
    out.insert("message".into(), json!(notice.message));
    out.insert("incomplete".into(), json!(notice.incomplete));
    Value::Object(out)
}

fn location(at: &Location) -> Map<String, Value> {
    Map::from_iter([("path".to_owned(), json!(&*at.path)), ("range".to_owned(), range(at.range))])
}

fn range(range: Range) -> Value {
    json!({ "start": range.start, "end": range.end })
}
