//! `json`: schema `plimsoll/check/1`. Lines and columns count from 1, columns in Unicode scalar values; offsets are bytes from 0.

use crate::mask::Masker;
use crate::report::{Printer, Report, Style};
use plimsoll_finding::{Finding, Fix, Location, Notice, State};
use serde_json::{Value, json};

pub(crate) struct Json;

impl Printer for Json {
    fn print(&self, report: &Report, _: &Style) -> String {
        let secrets = report.secrets();
        let summary = report.summary;
        let value = json!({
            "schema": "plimsoll/check/1",
            "version": env!("CARGO_PKG_VERSION"),
            "findings": report.findings.iter().map(|finding| value(finding, &secrets)).collect::<Vec<_>>(),
            "waived": report.waived.iter().map(|finding| value(finding, &secrets)).collect::<Vec<_>>(),
            "notices": report.notices.iter().map(|one| notice(one, &secrets)).collect::<Vec<_>>(),
            "summary": {
                "files": summary.files,
                "judged": summary.judged,
                "findings": report.findings.len(),
                "waived": report.waived.len() - report.baselined(),
                "baselined": report.baselined(),
                "disabled": summary.disabled,
                "fixed": summary.fixed,
                "seconds": summary.seconds,
            },
        });
        format!("{value}\n")
    }
}

fn value(finding: &Finding, secrets: &Masker) -> Value {
    let mut value = json!({
        "rule": &*finding.rule,
        "severity": finding.severity,
        "message": secrets.mask(&finding.message),
        "path": &*finding.at.path,
        // Made of names and keys: what identifies a thing stays readable though a password elsewhere has the same letters.
        "address": finding.address,
        "addresses": finding.addresses,
        "fingerprint": finding.fingerprint,
        "range": finding.at.range,
        "related": finding.related.iter().map(|related| {
            json!({"path": &*related.at.path, "range": related.at.range, "label": secrets.mask(&related.label)})
        }).collect::<Vec<_>>(),
        "fixes": finding.fixes.iter().map(|one| fix(one, secrets)).collect::<Vec<_>>(),
    });
    if finding.site != finding.at {
        value["site"] = place(&finding.site);
    }
    if let State::Waived(waived) = &finding.state {
        value["waiver"] = json!({
            "by": waived.by,
            "at": waived.at.as_ref().map(place),
            "reason": waived.reason,
            "owner": waived.owner,
            "until": waived.until,
            "ticket": waived.ticket,
        });
    }
    value
}

fn fix(fix: &Fix, secrets: &Masker) -> Value {
    let holds_secret = fix.secret || fix.edits.iter().any(|edit| secrets.finds_for(&edit.path, &edit.text));
    let edits: Vec<Value> = fix
        .edits
        .iter()
        .filter(|_| !holds_secret)
        .map(|edit| match edit.range {
            Some(range) => json!({"path": &*edit.path, "range": range, "text": edit.text}),
            None => json!({"path": &*edit.path, "create": true, "text": edit.text}),
        })
        .collect();
    let mut value = json!({"title": secrets.mask(&fix.title), "applicability": fix.applicability, "edits": edits});
    if let Some(reason) = &fix.dropped {
        value["dropped"] = secrets.mask(reason).into();
    } else if holds_secret {
        value["dropped"] = "the change holds a secret".into();
    }
    value
}

fn place(at: &Location) -> Value {
    json!({"path": &*at.path, "range": at.range})
}

fn notice(notice: &Notice, secrets: &Masker) -> Value {
    let (path, range) = notice.at.as_ref().map_or((None, None), |at| (Some(&*at.path), Some(at.range)));
    json!({"kind": notice.kind, "path": path, "range": range, "message": secrets.mask(&notice.message), "incomplete": notice.incomplete})
}
