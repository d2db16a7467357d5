//! A decision in words: status, warnings and audit annotations, each within what an API server carries.

use crate::decide::{Decision, Weighed};
use crate::request::Request;
use kube::core::admission::AdmissionResponse;
use plimsoll_config::{Action, FailurePolicy};
use plimsoll_finding::{Finding, State};
use plimsoll_report::control;
use serde_json::{Value, json};

/// Characters of one warning, which is what clients show of it.
const WARNING: usize = 120;
/// Bytes of all warnings: an API server cuts off what is beyond 4 KiB.
const WARNINGS: usize = 4096;
/// Bytes of the message of a refusal.
const MESSAGE: usize = 16 << 10;
/// Bytes of the audit annotation that lists findings.
const ANNOTATION: usize = 256 << 10;

/// What is said besides the decision.
pub(crate) struct Manner<'a> {
    pub(crate) failure_policy: FailurePolicy,
    /// Whether refusals are only told.
    pub(crate) dry_run_report: bool,
    /// Of the policy that judged.
    pub(crate) digest: &'a str,
    /// Titles of the fixes that the answer applies.
    pub(crate) applied: &'a [(std::sync::Arc<str>, String)],
}

/// The answer to a request that was judged.
pub(crate) fn judged(request: &Request, decision: &Decision, manner: &Manner<'_>) -> AdmissionResponse {
    let mut response = AdmissionResponse::from(request);
    let refused = decision.denies(manner.failure_policy);
    let mut warnings = vec![];
    if refused {
        let message = message(request, decision, manner.failure_policy);
        if manner.dry_run_report {
            warnings.extend(decision.denials().map(|one| format!("would be refused: {}", line(one))));
            warnings.extend(decision.missing().map(|one| format!("would be refused: not judged by `{}`: {}", one.plugin, one.message)));
        } else {
            response = response.deny(message);
            response.result.code = 403;
            "Forbidden".clone_into(&mut response.result.reason);
        }
    }
    let warned = |one: &&Weighed| one.action == Action::Warn;
    warnings.extend(decision.weighed.iter().filter(warned).map(line));
    let unjudged = decision.unjudged.iter().filter(|(_, action)| match action {
        Action::Deny => manner.failure_policy == FailurePolicy::Ignore,
        action => *action == Action::Warn,
    });
    warnings.extend(unjudged.map(|(one, _)| format!("not judged by `{}`: {}", one.plugin, one.message)));
    response.warnings = bounded(warnings);
    annotate(&mut response, decision, manner);
    response
}

/// The answer to a request that was not judged because it need not be.
pub(crate) fn passed(request: &Request, why: &str) -> AdmissionResponse {
    let mut response = AdmissionResponse::from(request);
    response.audit_annotations.insert("skipped".to_owned(), why.to_owned());
    response
}

/// The answer to a request that could not be judged.
pub(crate) fn failed(uid: &str, why: &str, failure_policy: FailurePolicy, code: u16) -> AdmissionResponse {
    let mut response = AdmissionResponse::invalid(why);
    uid.clone_into(&mut response.uid);
    response.audit_annotations.insert("not-judged".to_owned(), cut(&control(why), 1024));
    match failure_policy {
        FailurePolicy::Fail => {
            response = response.deny(format!("plimsoll did not judge this request: {why}"));
            response.result.code = code;
            reason(code).clone_into(&mut response.result.reason);
        }
        FailurePolicy::Ignore => {
            response.allowed = true;
            response.result = kube::core::Status::default();
            response.warnings = bounded(vec![format!("admitted without being judged: {why}")]);
        }
    }
    response
}

/// An answer like [`failed`] that is written beforehand, but for the uid: it is given where there is no time.
pub(crate) struct Prepared {
    before: String,
    behind: String,
}

impl Prepared {
    pub(crate) fn new(why: &str, failure_policy: FailurePolicy, code: u16) -> Self {
        const UID: &str = "uid";
        let text = serde_json::to_string(&failed(UID, why, failure_policy, code).into_review()).unwrap_or_default();
        let (before, behind) = text.split_once("\"uid\":\"uid\"").unwrap_or_default();
        Self { before: format!("{before}\"uid\":"), behind: behind.to_owned() }
    }

    pub(crate) fn text(&self, uid: &str) -> Vec<u8> {
        format!("{}{}{}", self.before, Value::from(uid), self.behind).into_bytes()
    }
}

const fn reason(code: u16) -> &'static str {
    match code {
        429 => "TooManyRequests",
        504 => "Timeout",
        413 => "RequestEntityTooLarge",
        _ => "InternalError",
    }
}

/// Everything that is wrong, in one message.
fn message(request: &Request, decision: &Decision, failure_policy: FailurePolicy) -> String {
    let denials: Vec<&Weighed> = decision.denials().collect();
    let name = request.object.as_ref().map_or(request.name.as_str(), |object| object.name());
    let place = request.namespace.as_deref().filter(|namespace| !namespace.is_empty());
    let name = place.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}/{name}"));
    let problems = if denials.len() == 1 { "1 problem".to_owned() } else { format!("{} problems", denials.len()) };
    let mut text = control(&format!("{} {name} is refused for {problems}:", request.kind.kind));
    let mut left = denials.len();
    for one in denials {
        let line =
            format!("\n  {} ({}) at {}: {}", one.finding.rule, one.finding.severity.name(), route(&one.finding), one.finding.message);
        if text.len() + line.len() > MESSAGE {
            text.push_str(&format!("\n  and {left} more, in the audit log"));
            break;
        }
        text.push_str(&keep_lines(&line));
        left -= 1;
    }
    if failure_policy == FailurePolicy::Fail {
        for one in decision.missing() {
            let line = format!("\n  not judged by plugin `{}` ({}): {}", one.plugin, rules(&one.rules), one.message);
            if text.len() + line.len() <= MESSAGE {
                text.push_str(&keep_lines(&line));
            }
        }
    }
    text
}

/// Escapes control characters, but for the line break that we began with.
fn keep_lines(line: &str) -> String {
    format!("\n{}", control(line.trim_start_matches('\n')))
}

fn rules(rules: &[std::sync::Arc<str>]) -> String {
    match rules {
        [one] => one.to_string(),
        many => format!("{} rules", many.len()),
    }
}

/// Where in the object: the address without the object, which the reader knows.
fn route(finding: &Finding) -> &str {
    finding.address.split_once('#').map_or("the object", |(_, route)| route)
}

fn line(one: &Weighed) -> String {
    format!("{}: {}", one.finding.rule, one.finding.message)
}

/// Warnings as clients show them. What does not fit is counted.
fn bounded(warnings: Vec<String>) -> Option<Vec<String>> {
    if warnings.is_empty() {
        return None;
    }
    let mut out: Vec<String> = vec![];
    let mut bytes = 0;
    let total = warnings.len();
    for warning in warnings {
        let warning = cut(&control(&warning), WARNING);
        // Room for the line that counts the rest.
        if bytes + warning.len() > WARNINGS - WARNING {
            out.push(format!("and {} more warnings, in the audit log", total - out.len()));
            break;
        }
        bytes += warning.len();
        out.push(warning);
    }
    Some(out)
}

/// At most so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

fn annotate(response: &mut AdmissionResponse, decision: &Decision, manner: &Manner<'_>) {
    let findings: Vec<Value> = decision
        .weighed
        .iter()
        .map(|one| {
            let finding = &one.finding;
            json!({
                "rule": &*finding.rule,
                "severity": finding.severity.name(),
                "action": one.action.name(),
                "address": finding.address,
                "fingerprint": finding.fingerprint,
                "message": finding.message,
                "before": one.before,
            })
        })
        .collect();
    let waived: Vec<Value> = decision
        .waived
        .iter()
        .map(|finding| match &finding.state {
            State::Waived(waived) => json!({
                "rule": &*finding.rule, "severity": finding.severity.name(), "address": finding.address,
                "fingerprint": finding.fingerprint, "message": finding.message, "waiver": waived,
            }),
            State::Active => json!({"rule": &*finding.rule}),
        })
        .collect();
    let unjudged: Vec<Value> = decision
        .unjudged
        .iter()
        .map(|(one, action)| json!({"plugin": one.plugin, "rules": one.rules.len(), "action": action.name(), "message": one.message}))
        .collect();
    let mut put = |key: &str, list: Vec<Value>| {
        if !list.is_empty() {
            response.audit_annotations.insert(key.to_owned(), listed(list));
        }
    };
    put("findings", findings);
    put("waived", waived);
    put("unjudged", unjudged);
    put("fixed", manner.applied.iter().map(|(rule, title)| json!({"rule": &**rule, "title": title})).collect());
    if let Some(severity) = crate::decide::gravest(decision) {
        response.audit_annotations.insert("severity".to_owned(), severity.name().to_owned());
    }
    response.audit_annotations.insert("policy".to_owned(), manner.digest.to_owned());
}

/// A list as JSON, without its tail where it would be too long; the gravest come first.
fn listed(mut list: Vec<Value>) -> String {
    let total = list.len();
    loop {
        let text = Value::Array(list.clone()).to_string();
        if text.len() <= ANNOTATION {
            return text;
        }
        list.truncate(list.len() / 2);
        list.push(json!({"more": total - list.len()}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prepared_answer_is_the_one_that_would_be_made() {
        for policy in [FailurePolicy::Fail, FailurePolicy::Ignore] {
            let prepared = Prepared::new("too many", policy, 429);
            for uid in ["705ab4f5-6393-11e8-b7cc-42010a800002", "uid", "\"\n"] {
                let made = serde_json::to_value(failed(uid, "too many", policy, 429).into_review()).ok();
                assert_eq!(serde_json::from_slice::<Value>(&prepared.text(uid)).ok(), made, "{uid}");
            }
        }
    }
}
