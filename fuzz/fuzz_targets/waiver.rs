//! Waivers: ours and the peers' in comments, and in annotations.

#![no_main]

use jiff::civil::date;
use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_config::Config;
use plimsoll_finding::{Finding, Lines, Location, RuleMeta, Severity, State};
use plimsoll_verdict::{Bytes, Evaluator, FileComments, ObjectAnnotations};
use std::path::Path;
use std::sync::{Arc, OnceLock};

const RULES: [(&str, &[&str]); 4] = [
    ("docker/user-root", &["hadolint:DL3002", "trivy:DS-0002", "checkov:CKV_DOCKER_8"]),
    ("compose/privileged", &["dclint:no-privileged", "kics:dd29336b-fe57-445b-a26e-e6aa867ae609"]),
    ("kubernetes/privileged", &["checkov:CKV_K8S_16", "kube-linter:privileged-container"]),
    ("terraform/bucket-public", &["checkov:CKV_AWS_20", "trivy:AWS-0086", "tflint:x", "terrascan:AC_AWS_0001"]),
];
const TARGETS: [&str; 4] = ["docker", "compose", "kubernetes", "terraform"];
/// Every marker that any waiver has, in lower case.
const MARKERS: [&str; 3] = ["ignore", "skip", "disable"];

fn rule(id: &str, aliases: &[&str]) -> RuleMeta {
    let target = id.split('/').next().unwrap_or_default().to_owned();
    RuleMeta {
        severity: Severity::High,
        aliases: aliases.iter().map(|alias| (*alias).to_owned().into()).collect(),
        controls: ["cis-docker:4.1".into()].into_iter().collect(),
        ..RuleMeta::new(target.clone().into(), id.to_owned().into(), target.into(), "".into())
    }
}

fn evaluator() -> &'static Evaluator {
    static EVALUATOR: OnceLock<Evaluator> = OnceLock::new();
    EVALUATOR.get_or_init(|| {
        let rules: Vec<RuleMeta> = RULES.iter().map(|(id, aliases)| rule(id, aliases)).collect();
        Evaluator::new(&rules, &Config::default(), Path::new("/project"), date(2026, 11, 21))
    })
}

fn finding(rule: &str, at: &Location) -> Finding {
    Finding {
        rule: rule.into(),
        severity: Severity::High,
        message: String::new(),
        at: at.clone(),
        site: at.clone(),
        address: String::new(),
        addresses: vec![String::new()],
        fingerprint: String::new(),
        related: vec![].into(),
        fixes: vec![],
        secrets: vec![],
        state: State::Active,
    }
}

/// Lines that begin with a comment's marker, block comments whole; each covers the line behind it.
fn comments(text: &str) -> Vec<(Bytes, Option<Bytes>)> {
    let mut found = vec![];
    let mut at = 0;
    while at < text.len() {
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let rest = &text[at..];
        let end = match rest.strip_prefix("/*") {
            Some(_) => rest.find("*/").map_or(text.len(), |end| at + end + 2),
            None => line_end,
        };
        if rest.starts_with(['#']) || rest.starts_with("//") || rest.starts_with("/*") {
            let next = (end + 1).min(text.len());
            let next = if text.is_char_boundary(next) { next } else { end };
            let covered = text[next..].find('\n').map_or(text.len(), |end| next + end);
            found.push(((at as u32, end as u32), (covered > next).then_some((next as u32, covered as u32))));
        }
        at = end.max(line_end) + 1;
        while !text.is_char_boundary(at.min(text.len())) {
            at += 1;
        }
    }
    found
}

fn judge(target: &str, text: &str, annotations: &[ObjectAnnotations]) -> (Vec<Finding>, Vec<Finding>) {
    let path: Arc<str> = "file".into();
    let lines = Lines::new(text);
    let mut findings = vec![];
    for line in 1..=lines.count().min(64) {
        let start = lines.start(line);
        let end = if line == lines.count() { text.len() as u32 } else { lines.start(line + 1) - 1 };
        let at = Location { path: path.clone(), range: lines.range(text, start, end) };
        findings.extend(RULES.iter().map(|(id, _)| finding(id, &at)));
    }
    let file = FileComments { path, target, text, comments: comments(text), intact: true };
    let mut given: Vec<&mut Finding> = findings.iter_mut().collect();
    let verdict = evaluator().evaluate(&mut given, &[file], annotations);
    (findings, verdict.extra)
}

fn place(text: &str, at: &Location) {
    let range = at.range;
    let (start, end) = (range.start.offset as usize, range.end.offset as usize);
    assert!(text.get(start..end).is_some(), "{start}..{end} is no slice of {} bytes", text.len());
    let lines = Lines::new(text);
    assert_eq!((range.start, range.end), (lines.position(text, start as u32), lines.position(text, end as u32)));
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((target, rest)) = data.split_first() else { return Corpus::Reject };
    let Ok(text) = std::str::from_utf8(rest) else { return Corpus::Reject };
    let target = TARGETS[*target as usize % TARGETS.len()];
    let (findings, extra) = judge(target, text, &[]);
    assert_eq!((&findings, &extra), (&judge(target, text, &[]).0, &judge(target, text, &[]).1), "two verdicts differ");
    for one in &extra {
        place(text, &one.at);
        assert!(one.rule.starts_with("plimsoll/"), "{} is no rule about waivers", one.rule);
    }
    let lower = text.to_lowercase();
    for one in &findings {
        let State::Waived(waived) = &one.state else { continue };
        assert!(MARKERS.iter().any(|marker| lower.contains(marker)), "waived by a text without any waiver");
        let at = waived.at.as_ref().expect("a comment has a place");
        place(text, at);
        assert!(waived.until.as_deref().is_none_or(|until| until >= "2026-11-21"), "waived by {waived:?}, which has expired");
    }
    // The same text as the annotations of an object that covers the whole file.
    let whole = Location { path: "file".into(), range: Lines::new(text).range(text, 0, text.len() as u32) };
    let entry = |line: &str| line.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned(), whole.clone()));
    let mut entries: Vec<_> = text.lines().filter_map(entry).collect();
    entries.push(("plimsoll.dev/ignore".to_owned(), text.to_owned(), whole.clone()));
    let object = ObjectAnnotations { covers: (0, text.len() as u32), entries };
    let (_, extra) = judge("kubernetes", text, &[object]);
    extra.iter().for_each(|one| place(text, &one.at));
    Corpus::Keep
});
