//! Every format over one report that has a bit of everything, as snapshots; then over hostile input, as properties.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_finding::{
    Applicability, Edit, Finding, Fix, Lines, Location, Notice, NoticeKind, OptionSpec, Related, RuleMeta, Severity, State, Waived,
};
use plimsoll_report::{Format, Report, SarifOptions, Style, Summary, print, print_statistics};
use pulldown_cmark::{Event, Options, Parser, Tag};
use std::sync::Arc;

const DOCKERFILE: &str =
    "FROM debian:12.7 AS base\r\n\r\nENV\tTOKEN=hunter2 NAME=𝕏\r\nRUN apt-get update \\\r\n && apt-get install -y curl\r\nUSER root\r\n";

fn at(path: &str, text: &str, needle: &str) -> Location {
    let start = text.find(needle).unwrap() as u32;
    Location { path: path.into(), range: Lines::new(text).range(text, start, start + needle.len() as u32) }
}

fn rule(id: &str, severity: Severity) -> RuleMeta {
    RuleMeta {
        severity,
        fix: Some(Applicability::Unsafe),
        aliases: vec!["hadolint:DL3002".into()].into(),
        controls: vec!["cis-docker:4.1".into()].into(),
        cwe: vec![250].into(),
        since: "0.1.0".into(),
        options: vec![OptionSpec { name: "allow".into(), ty: "list<string>".into(), default: "[]".into(), doc: "Users.".into() }].into(),
        doc: "The container runs\nas root.\n\nWhy it matters.".into(),
        ..RuleMeta::new("docker".into(), id.to_owned().into(), "docker".into(), "Last user is root".into())
    }
}

fn finding(rule: &str, severity: Severity, message: &str, at: Location) -> Finding {
    Finding {
        rule: rule.into(),
        severity,
        message: message.into(),
        site: at.clone(),
        at,
        address: "stage[final].USER".into(),
        addresses: vec!["stage[final].USER".into()],
        fingerprint: "0123456789abcdef0123456789abcdef".into(),
        related: vec![],
        fixes: vec![],
        secrets: vec![],
        state: State::Active,
    }
}

fn fix(title: &str, applicability: Applicability, edits: Vec<Edit>) -> Fix {
    Fix { title: title.into(), applicability, edits, dropped: None, secret: false, trusted: true }
}

struct Sample {
    findings: Vec<Finding>,
    waived: Vec<Finding>,
    notices: Vec<Notice>,
    rules: Vec<RuleMeta>,
    plugins: Vec<(String, String, String)>,
}

fn sample() -> Sample {
    let user = at("Dockerfile", DOCKERFILE, "USER root");
    let mut root = finding("docker/user-root", Severity::High, "the last user is `root`", user.clone());
    root.related.push(Related { at: at("Dockerfile", DOCKERFILE, "debian:12.7"), label: "the base image runs as root too".into() });
    root.fixes.push(fix(
        "run as `app`",
        Applicability::Unsafe,
        vec![Edit { path: "Dockerfile".into(), range: Some(user.range), text: "USER app".into() }],
    ));
    let mut secret = finding(
        "docker/secret-in-env-or-arg",
        Severity::Critical,
        "ENV TOKEN holds `hunter2`",
        at("Dockerfile", DOCKERFILE, "TOKEN=hunter2"),
    );
    secret.secrets.push(at("Dockerfile", DOCKERFILE, "hunter2"));
    let mut lists = finding(
        "docker/apt-lists-left",
        Severity::Low,
        "apt lists stay in the layer",
        at("Dockerfile", DOCKERFILE, "RUN apt-get update \\\r\n && apt-get install -y curl"),
    );
    let mut insert = at("Dockerfile", DOCKERFILE, "curl");
    insert.range.start = insert.range.end;
    lists.fixes.push(fix(
        "remove the lists",
        Applicability::Safe,
        vec![
            Edit { path: ".dockerignore".into(), range: None, text: ".git\n".into() },
            Edit { path: "Dockerfile".into(), range: Some(insert.range), text: " \\\r\n && rm -rf /var/lib/apt/lists/*".into() },
        ],
    ));
    lists.addresses.push("stage[other].RUN".into());
    let mut waived = finding("docker/user-root", Severity::High, "the last user is `root`", user);
    waived.state = State::Waived(Waived {
        by: "comment".into(),
        at: Some(at("Dockerfile", DOCKERFILE, "FROM")),
        reason: Some("legacy".into()),
        owner: None,
        until: None,
        ticket: None,
    });
    let notice =
        |kind, incomplete, message: &str| Notice { kind, at: Some(at("chart/a b.yaml", "x", "x")), message: message.into(), incomplete };
    Sample {
        findings: vec![secret, lists, root],
        waived: vec![waived],
        notices: vec![
            notice(NoticeKind::Template, false, "a Helm template, not judged"),
            notice(NoticeKind::Parse, true, "line 3: unclosed quote"),
        ],
        rules: vec![
            rule("docker/apt-lists-left", Severity::Low),
            rule("docker/secret-in-env-or-arg", Severity::Critical),
            rule("docker/user-root", Severity::High),
        ],
        plugins: vec![("acme".into(), "1.2.0".into(), "ab".repeat(32))],
    }
}

fn text(path: &str) -> Option<Arc<str>> {
    (path == "Dockerfile").then(|| Arc::from(DOCKERFILE))
}

fn show(sample: &Sample, format: Format, style: &Style, text: &(dyn Fn(&str) -> Option<Arc<str>> + Sync)) -> String {
    print(&report(sample, text), format, style)
}

fn report<'a>(sample: &'a Sample, text: &'a (dyn Fn(&str) -> Option<Arc<str>> + Sync)) -> Report<'a> {
    Report {
        findings: &sample.findings,
        waived: &sample.waived,
        notices: &sample.notices,
        rules: &sample.rules,
        plugins: &sample.plugins,
        summary: Summary { files: 1, judged: 1, disabled: 2, fixed: 0, seconds: 0.25 },
        text,
    }
}

#[test]
fn full() {
    insta::assert_snapshot!(show(&sample(), Format::Full, &Style::default(), &text));
}

#[test]
fn concise() {
    insta::assert_snapshot!(show(&sample(), Format::Concise, &Style::default(), &text));
}

#[test]
fn github() {
    insta::assert_snapshot!(show(&sample(), Format::Github, &Style::default(), &text));
}

#[test]
fn statistics() {
    insta::assert_snapshot!(print_statistics(&report(&sample(), &text)));
}

fn pretty(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    serde_json::to_string_pretty(&value).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn json() {
    insta::assert_snapshot!(pretty(&show(&sample(), Format::Json, &Style::default(), &text)));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(pretty(&show(&sample(), Format::Sarif, &Style::default(), &text)));
}

#[test]
fn gitlab() {
    let style = Style { base: "services/web".into(), ..Style::default() };
    insta::assert_snapshot!(pretty(&show(&sample(), Format::Gitlab, &style, &text)));
}

/// GitLab shows one issue of each fingerprint.
#[test]
fn gitlab_fingerprints_are_unique() {
    let value: serde_json::Value = serde_json::from_str(&show(&sample(), Format::Gitlab, &Style::default(), &text)).unwrap();
    let prints: std::collections::BTreeSet<&str> =
        value.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), value.as_array().unwrap().len());
}

#[test]
fn junit() {
    insta::assert_snapshot!(show(&sample(), Format::Junit, &Style::default(), &text));
}

#[test]
fn rdjson() {
    insta::assert_snapshot!(pretty(&show(&sample(), Format::Rdjson, &Style::default(), &text)));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(show(&sample(), Format::Markdown, &Style::default(), &text));
}

/// A comment may have 65,536 characters, and its reader little patience.
#[test]
fn markdown_folds_many_findings_and_ends_in_time() {
    let mut sample = sample();
    let one = sample.findings[2].clone();
    sample.findings = (0..5_000)
        .map(|index| {
            let mut finding = one.clone();
            finding.at.path = format!("services/{}/Dockerfile", index / 5).into();
            finding
        })
        .collect();
    let out = show(&sample, Format::Markdown, &Style::default(), &text);
    assert!(out.len() < 65_536, "{}", out.len());
    assert!(out.starts_with("### Plimsoll: 5000 findings (5000 high)"), "{out}");
    assert!(out.contains("do not fit here"));
    assert_eq!(out.matches("<details>").count(), out.matches("</details>").count());
    sample.findings.truncate(500);
    let out = show(&sample, Format::Markdown, &Style::default(), &text);
    let open = out.split("<details>").next().unwrap();
    assert!(open.lines().count() < 30, "what is seen before anything is unfolded: {open}");
}

#[test]
fn html() {
    insta::assert_snapshot!(show(&sample(), Format::Html, &Style::default(), &text).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn html_and_markdown_show_hostile_text_as_text() {
    let hostile =
        "</code></pre><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:b) @team #1 https://x.example `</code>`";
    let mut sample = sample();
    for finding in &mut sample.findings {
        finding.message = hostile.into();
        finding.address = hostile.into();
        finding.at.path = hostile.into();
    }
    sample.notices[1].message = hostile.into();
    let page = show(&sample, Format::Html, &Style::default(), &text);
    assert_eq!(page.matches("<script>").count(), 1, "our own");
    assert!(!page.contains("<img"));
    let comment = show(&sample, Format::Markdown, &Style::default(), &text);
    let mut words = String::new();
    for event in Parser::new_ext(&comment, Options::ENABLE_GFM | Options::ENABLE_TABLES) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => assert_eq!(&*html, "<!-- -->", "{comment}"),
            Event::Start(Tag::Link { dest_url, .. }) => assert!(dest_url.starts_with("https://plimsoll.dev/rules/"), "{dest_url}"),
            Event::Start(Tag::Image { .. }) => panic!("{comment}"),
            Event::Text(text) => words.push_str(&text),
            _ => {}
        }
    }
    assert!(words.contains("<script>alert(1)"), "shown as words: {words}");
}

#[test]
fn sarif_suppressions_stand_on_every_result_or_none() {
    let style = Style { sarif: SarifOptions { suppressed: true, category: Some("/nightly/".into()) }, ..Style::default() };
    let value: serde_json::Value = serde_json::from_str(&show(&sample(), Format::Sarif, &style, &text)).unwrap();
    let results = value["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    assert!(results.iter().all(|result| result["suppressions"].is_array()));
    assert_eq!(results[3]["suppressions"][0]["justification"], "legacy");
    assert_eq!(value["runs"][0]["automationDetails"]["id"], "plimsoll/nightly/");
}

#[test]
fn sarif_keeps_the_most_severe_and_says_so() {
    let mut sample = sample();
    let low = sample.findings[1].clone();
    sample.findings = std::iter::repeat_n(low, 5_000).chain([sample.findings[0].clone()]).collect();
    let value: serde_json::Value = serde_json::from_str(&show(&sample, Format::Sarif, &Style::default(), &text)).unwrap();
    let run = &value["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 5_000);
    assert_eq!(run["results"][0]["ruleId"], "docker/secret-in-env-or-arg");
    let told = run["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| one["message"]["text"].as_str().unwrap().contains("5001 results"));
    assert!(told);
}

const FORMATS: [Format; 10] = [
    Format::Full,
    Format::Concise,
    Format::Json,
    Format::Sarif,
    Format::Github,
    Format::Gitlab,
    Format::Junit,
    Format::Rdjson,
    Format::Markdown,
    Format::Html,
];

#[test]
fn secret_is_in_no_format() {
    let mut sample = sample();
    let edit = Edit { path: "Dockerfile".into(), range: Some(sample.findings[0].at.range), text: "TOKEN=hunter2x".into() };
    sample.findings[0].fixes.push(fix("keep `hunter2`", Applicability::Safe, vec![edit]));
    for format in FORMATS {
        let out = show(&sample, format, &Style::default(), &text);
        assert!(!out.contains("hunter2"), "{format:?}: {out}");
    }
}

#[test]
fn nothing_from_a_repository_commands_a_terminal_or_a_workflow() {
    let hostile = "x\u{1b}]0;t\u{7}\n::error file=a::b\r\u{202e}%0A::set-output";
    let mut sample = sample();
    let body = format!("# {hostile}\nUSER root\n");
    for finding in &mut sample.findings {
        *finding = Finding { message: hostile.into(), at: at(hostile, &body, "USER root"), ..finding.clone() };
        finding.related = vec![Related { at: at(hostile, &body, "x\u{1b}"), label: hostile.into() }];
        finding.addresses.push(hostile.into());
        for fix in &mut finding.fixes {
            fix.title = hostile.into();
            fix.edits.iter_mut().for_each(|edit| edit.text = hostile.into());
        }
    }
    sample.notices[0].message = hostile.into();
    let text = move |_: &str| Some(Arc::from(body.as_str()));
    for format in [Format::Full, Format::Concise, Format::Github] {
        let out = show(&sample, format, &Style::default(), &text);
        assert!(!out.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']), "{format:?}: {out:?}");
        if format == Format::Github {
            assert!(out.lines().all(|line| line.starts_with("::error ") || line.starts_with("::notice ")), "{out}");
            assert!(!out.contains("%0A"), "{out}");
        } else {
            assert!(out.lines().all(|line| !line.trim_start().starts_with("::")), "{format:?}: {out}");
        }
    }
}

#[test]
fn file_that_is_gone_or_changed_is_named_without_its_source() {
    for text in [&(|_: &str| None) as &(dyn Fn(&str) -> Option<Arc<str>> + Sync), &|_: &str| Some(Arc::from("é"))] {
        let out = show(&sample(), Format::Full, &Style::default(), text);
        assert!(out.contains("at Dockerfile:6:1"), "{out}");
        for format in FORMATS {
            show(&sample(), format, &Style::default(), text);
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_place_in_any_text_is_printed(body in "(a|\\n|\\r\\n|\\t|é|𝕏|\u{1b}|USER root| ){1,60}", a: u16, b: u16, c: u16, color: bool) {
        let offset = |n: u16| u32::from(n) % (body.len() as u32 + 1);
        let lines = Lines::new(&body);
        let range = lines.range(&body, offset(a).min(offset(b)), offset(a).max(offset(b)));
        let place = Location { path: "f".into(), range };
        let mut one = finding("docker/user-root", Severity::Medium, "m", place.clone());
        one.related.push(Related { at: Location { path: "f".into(), range: lines.range(&body, offset(c), offset(c)) }, label: "l".into() });
        one.fixes.push(fix("f", Applicability::Safe, vec![Edit { path: "f".into(), range: Some(range), text: "new\nlines".into() }]));
        let sample = Sample { findings: vec![one], waived: vec![], notices: vec![], rules: vec![], plugins: vec![] };
        let text = |_: &str| Some(Arc::from(body.as_str()));
        for format in FORMATS {
            let out = show(&sample, format, &Style { color, ..Style::default() }, &text);
            if matches!(format, Format::Json | Format::Sarif | Format::Gitlab | Format::Rdjson) {
                serde_json::from_str::<serde_json::Value>(&out).unwrap();
            }
        }
    }
}
