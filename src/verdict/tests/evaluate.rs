//! Selection and waivers, as a project sees them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_config::{Config, Layer, Origin, Sourced, load};
use plimsoll_finding::{Finding, Lines, Location, Profile, RuleMeta, Severity, State};
use plimsoll_verdict::{Date, Evaluator, FileComments, ObjectAnnotations, Verdict};
use std::path::Path;

fn rule(id: &str, profile: Profile, aliases: &[&str], related: &[&str], controls: &[&str]) -> RuleMeta {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned().into()).collect();
    let target = id.split('/').next().unwrap().to_owned();
    RuleMeta {
        severity: Severity::High,
        profile,
        aliases: owned(aliases),
        related: owned(related),
        controls: owned(controls),
        ..RuleMeta::new(target.clone().into(), id.to_owned().into(), target.into(), "Title".into())
    }
}

fn rules() -> Vec<RuleMeta> {
    vec![
        rule(
            "docker/user-root",
            Profile::Recommended,
            &["hadolint:DL3002", "trivy:DS-0002"],
            &["checkov:CKV_DOCKER_8"],
            &["cis-docker:4.1"],
        ),
        rule("docker/apt-lists-left", Profile::Recommended, &["hadolint:DL3009"], &[], &[]),
        rule("docker/apt-recommends", Profile::Strict, &["hadolint:DL3015", "buildkit:Fake"], &[], &["cis-docker:4.10"]),
        rule(
            "kubernetes/privileged",
            Profile::Recommended,
            &["checkov:CKV_K8S_16", "kics:dd29336b-fe57-445b-a26e-e6aa867ae609"],
            &["kube-linter:privileged-container"],
            &[],
        ),
        rule("terraform/bucket-public", Profile::Recommended, &["checkov:CKV_AWS_20", "trivy:AWS-0086"], &[], &[]),
        RuleMeta { plugin: "acme".into(), ..rule("acme/own", Profile::Recommended, &["hadolint:DL3002"], &[], &[]) },
    ]
}

fn config(text: &str) -> Config {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plimsoll.toml");
    std::fs::write(&file, text).unwrap();
    let config = load(&file, directory.path());
    assert!(!config.has_errors(), "{:?}", config.problems);
    config
}

fn evaluator(text: &str) -> Evaluator {
    Evaluator::new(&rules(), &config(text), Path::new("/project"), "2026-11-21".parse::<Date>().unwrap())
}

fn on(evaluator: &Evaluator, path: &str) -> Vec<String> {
    let rules = rules();
    evaluator.enabled(path).into_iter().filter_map(|index| rules.get(index).map(|rule| rule.id.to_string())).collect()
}

fn command_line(select: &[&str], ignore: &[&str]) -> Layer {
    let owned = |texts: &[&str]| texts.iter().map(|text| Sourced::command_line((*text).to_owned())).collect::<Vec<_>>();
    Layer { origin: Origin::CommandLine, select: (!select.is_empty()).then(|| owned(select)), ignore: owned(ignore), ..Layer::default() }
}

fn with_command_line(text: &str, select: &[&str], ignore: &[&str]) -> Evaluator {
    Evaluator::new(&rules(), &config(text).with(command_line(select, ignore)), Path::new("/project"), "2026-11-21".parse().unwrap())
}

#[test]
fn recommended_rules_run_unless_told_otherwise() {
    let recommended = ["docker/user-root", "docker/apt-lists-left", "kubernetes/privileged", "terraform/bucket-public", "acme/own"];
    assert_eq!(on(&evaluator(""), "Dockerfile"), recommended);
    assert_eq!(on(&evaluator("select = [\"docker\"]"), "x"), ["docker/user-root", "docker/apt-lists-left", "docker/apt-recommends"]);
    assert_eq!(on(&evaluator("select = [\"profile:strict\"]\nignore = [\"acme\"]"), "x").len(), 5);
    assert_eq!(on(&evaluator("select = [\"control:cis-docker:4.1\"]"), "x"), ["docker/user-root"]);
    assert_eq!(on(&evaluator("select = [\"control:cis-docker\"]"), "x"), ["docker/user-root", "docker/apt-recommends"]);
}

#[test]
fn most_specific_wins_and_ignore_among_equals() {
    assert_eq!(on(&evaluator("select = [\"docker\"]\nignore = [\"docker/apt-*\"]"), "x"), ["docker/user-root"]);
    assert_eq!(on(&evaluator("select = [\"docker/apt-lists-left\"]\nignore = [\"docker\"]"), "x"), ["docker/apt-lists-left"]);
    assert!(on(&evaluator("select = [\"docker\"]\nignore = [\"docker\"]"), "x").is_empty());
    assert!(!on(&evaluator("ignore = [\"dl3002\"]"), "x").contains(&"docker/user-root".to_owned()));
    assert!(
        on(&evaluator("ignore = [\"hadolint:DL3002\"]"), "x").contains(&"acme/own".to_owned()),
        "a third party's aliases drive nothing"
    );
}

#[test]
fn command_line_wins_over_the_file_but_not_over_what_it_names() {
    assert_eq!(on(&with_command_line("select = [\"docker\"]", &["kubernetes"], &[]), "x"), ["kubernetes/privileged"]);
    assert_eq!(on(&with_command_line("select = [\"docker/user-root\"]", &[], &["docker"]), "x"), Vec::<String>::new());
    assert_eq!(
        on(&with_command_line("ignore = [\"docker/user-root\"]", &["docker"], &[]), "x"),
        ["docker/apt-lists-left", "docker/apt-recommends"]
    );
    assert!(
        on(&with_command_line("ignore = [\"docker/user-root\"]", &["docker/user-root"], &[]), "x").contains(&"docker/user-root".to_owned())
    );
}

#[test]
fn severity_and_selection_change_with_the_path() {
    let evaluator = evaluator(
        "[severity]\n\"docker\" = \"low\"\n\"docker/user-root\" = \"critical\"\n[[overrides]]\npaths = [\"legacy/\"]\nignore = [\"docker/apt-*\"]\nseverity = { docker = \"info\" }\n",
    );
    assert_eq!(evaluator.severity(0, "Dockerfile"), Some(Severity::Critical));
    assert_eq!(evaluator.severity(1, "Dockerfile"), Some(Severity::Low));
    assert_eq!(evaluator.severity(0, "legacy/a/Dockerfile"), Some(Severity::Info));
    assert_eq!(evaluator.severity(1, "legacy/a/Dockerfile"), None);
}

#[test]
fn unknown_selector_is_told_with_what_was_meant() {
    let messages: Vec<_> = evaluator("select = [\"ALL\"]\nignore = [\"docker/user-rot\", \"XY12345\"]")
        .problems()
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    assert_eq!(messages, ["no rule is named by `docker/user-rot`, did you mean `docker/user-root`?", "no rule is named by `XY12345`"]);
}

fn finding(rule: &str, path: &str, text: &str, needle: &str) -> Finding {
    let start = text.find(needle).unwrap() as u32;
    let at = Location { path: path.into(), range: Lines::new(text).range(text, start, start + needle.len() as u32) };
    Finding {
        rule: rule.into(),
        severity: Severity::High,
        message: "Message".into(),
        at: at.clone(),
        site: at,
        address: "a.b".into(),
        addresses: vec!["a.b".into()],
        fingerprint: String::new(),
        related: vec![],
        fixes: vec![],
        secrets: vec![],
        state: State::Active,
    }
}

/// Comments as a line-based format would hand them over: each covers the line below, or, behind something, its own line.
fn comments<'a>(path: &str, target: &'a str, text: &'a str) -> FileComments<'a> {
    let mut at = 0;
    let mut all = Vec::new();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (number, line) in lines.iter().enumerate() {
        if let Some(hash) = line.find('#') {
            let here = (at as u32, (at + hash) as u32);
            let below = (at + line.len(), lines.get(number + 1).map(|line| line.trim_end().len()));
            let covers =
                if line[..hash].trim().is_empty() { below.1.map(|length| (below.0 as u32, (below.0 + length) as u32)) } else { Some(here) };
            all.push((((at + hash) as u32, (at + line.trim_end().len()) as u32), covers));
        }
        at += line.len();
    }
    FileComments { path: path.into(), target, text, comments: all, intact: true }
}

fn run(evaluator: &Evaluator, target: &str, text: &str, mut findings: Vec<Finding>) -> (Vec<Option<String>>, Vec<String>) {
    let Verdict { extra, .. } = evaluator.evaluate(&mut findings.iter_mut().collect::<Vec<_>>(), &[comments("f", target, text)], &[]);
    let by = findings.into_iter().map(|finding| match finding.state {
        State::Active => None,
        State::Waived(waived) => Some(format!("{} {}", waived.by, waived.reason.unwrap_or_default()).trim().to_owned()),
    });
    (
        by.collect(),
        extra
            .into_iter()
            .map(|finding| {
                format!("{}:{} {} {}", finding.at.range.start.line, finding.at.range.start.column, finding.rule, finding.message)
            })
            .collect(),
    )
}

#[test]
fn own_comment_covers_the_next_instruction_and_is_held_to_account() {
    let text = "FROM a\n# plimsoll: ignore[docker/user-root, DL3009] owner=team -- legacy\nUSER root\nRUN x\n";
    let evaluator = evaluator("");
    let (states, extra) = run(
        &evaluator,
        "docker",
        text,
        vec![finding("docker/user-root", "f", text, "USER root"), finding("docker/apt-lists-left", "f", text, "RUN x")],
    );
    assert_eq!(states, [Some("comment legacy".to_owned()), None]);
    assert_eq!(extra, ["2:38 plimsoll/waiver-unused waiver of `DL3009` hides nothing"]);
}

#[test]
fn expired_waiver_hides_nothing_and_says_what_it_had_hidden() {
    let text =
        "# plimsoll: ignore[docker/user-root] until=2026-11-20\nUSER root\n# plimsoll: ignore[docker/user-root] until=2026-11-21\nUSER 0\n";
    let findings = vec![finding("docker/user-root", "f", text, "USER root"), finding("docker/user-root", "f", text, "USER 0")];
    let (states, extra) = run(&evaluator(""), "docker", text, findings);
    assert_eq!(states, [None, Some("comment".to_owned())], "the last day counts");
    assert_eq!(
        extra,
        [
            "1:3 plimsoll/waiver-expired waiver of `docker/user-root` expired on 2026-11-20; it had hidden 1 finding (docker/user-root at line 2)"
        ]
    );
}

#[test]
fn unknown_and_malformed_waivers_waive_nothing() {
    let text = "# plimsoll: ignore[docker/user-rot]\nUSER root\n# plimsoll: ignore docker/user-root\nUSER 0\n";
    let findings = vec![finding("docker/user-root", "f", text, "USER root"), finding("docker/user-root", "f", text, "USER 0")];
    let (states, extra) = run(&evaluator(""), "docker", text, findings);
    assert_eq!(states, [None, None]);
    assert_eq!(extra.len(), 2, "{extra:?}");
    assert!(extra[0].starts_with("3:3 plimsoll/waiver-malformed"), "{extra:?}");
    assert!(
        extra[1].contains("1:20 plimsoll/waiver-unknown-rule no rule is named by `docker/user-rot`, did you mean `docker/user-root`?"),
        "{extra:?}"
    );
}

#[test]
fn waiver_of_a_rule_that_does_not_run_is_not_called_unused() {
    let text = "# plimsoll: ignore[docker/apt-recommends]\nRUN x\n";
    assert_eq!(run(&evaluator(""), "docker", text, vec![]).1, Vec::<String>::new());
    assert_eq!(run(&evaluator("select = [\"ALL\"]"), "docker", text, vec![]).1.len(), 1);
}

#[test]
fn file_waiver_reaches_everything_and_its_own_findings() {
    let text = "USER root\n# plimsoll: ignore-file[docker/user-root, docker/apt-lists-left, plimsoll/waiver-unused] -- all\n";
    let mut one = finding("docker/user-root", "f", text, "USER root");
    let verdict = evaluator("").evaluate(&mut [&mut one], &[comments("f", "docker", text)], &[]);
    assert!(matches!(one.state, State::Waived(_)));
    assert_eq!(verdict.extra.len(), 1);
    assert!(matches!(verdict.extra[0].state, State::Waived(_)), "the unused part is waived by the same comment");
}

#[test]
fn finding_around_a_waiver_is_not_covered() {
    let text = "a: 1 # plimsoll: ignore[kubernetes/privileged]\nb: 2\n";
    let (states, _) = run(
        &evaluator(""),
        "kubernetes",
        text,
        vec![finding("kubernetes/privileged", "f", text, "a: 1"), finding("kubernetes/privileged", "f", text, text.trim_end())],
    );
    assert_eq!(states, [Some("comment".to_owned()), None]);
}

#[test]
fn peers_comments_are_honoured_through_aliases_and_related() {
    let cases = [
        ("docker", "# hadolint ignore=DL3002\nUSER root\n", Some("hadolint")),
        ("docker", "# hadolint ignore=DL3009\nUSER root\n", None),
        ("docker", "# hadolint global ignore=DL3009, DL3002\nFROM a\nUSER root\n", Some("hadolint")),
        ("docker", "# trivy:ignore:AVD-DS-0002\nUSER root\n", Some("trivy")),
        ("docker", "# trivy:ignore:DS002:exp:2026-01-01\nUSER root\n", None),
        ("docker", "FROM a\nUSER root\n# checkov:skip=CKV_DOCKER_8:because\n", Some("checkov because")),
        ("docker", "RUN <<EOF\n# shellcheck disable=DL3002\nUSER root\nEOF\n", Some("shellcheck")),
        ("docker", "RUN <<EOF\n# shellcheck disable=DL3002\nid\nUSER root\nEOF\n", None),
        ("docker", "# tally ignore=hadolint/DL3002\nUSER root\n", Some("tally")),
        ("compose", "x: USER root # checkov:skip=CKV_DOCKER_8\n", Some("checkov")),
    ];
    for (target, text, expected) in cases {
        let (states, extra) = run(&evaluator(""), target, text, vec![finding("docker/user-root", "f", text, "USER root")]);
        assert_eq!(states[0].as_deref(), expected, "{text}");
        assert_eq!(extra, Vec::<String>::new(), "peers' comments are not held to account: {text}");
    }
}

#[test]
fn skip_comment_inside_a_terraform_block_covers_the_block() {
    let text = "resource \"aws_s3_bucket\" \"a\" {\n  # checkov:skip=CKV_AWS_20:public site\n  bucket = \"x\"\n  acl = \"public-read\"\n}\n\nresource \"aws_s3_bucket\" \"b\" {\n  acl = \"public\"\n}\n";
    let findings = vec![
        finding("terraform/bucket-public", "f", text, "acl = \"public-read\""),
        finding("terraform/bucket-public", "f", text, "acl = \"public\""),
    ];
    assert_eq!(run(&evaluator(""), "terraform", text, findings).0, [Some("checkov public site".to_owned()), None]);
}

#[test]
fn kics_reaches_lines_blocks_and_files() {
    let text = "# kics-scan ignore-line\nprivileged: true\nx: privileged\n";
    let findings =
        |needles: &[&str], text: &str| needles.iter().map(|needle| finding("kubernetes/privileged", "f", text, needle)).collect();
    assert_eq!(
        run(&evaluator(""), "kubernetes", text, findings(&["privileged: true", "x: privileged"], text)).0,
        [Some("kics".to_owned()), None]
    );
    let text = "---\n# kics-scan disable=dd29336b-fe57-445b-a26e-e6aa867ae609\na: b\nc: d\n";
    assert_eq!(run(&evaluator(""), "kubernetes", text, findings(&["c: d"], text)).0, [Some("kics".to_owned())]);
    let text = "a: b\n# kics-scan ignore\nc: d\n";
    assert_eq!(run(&evaluator(""), "kubernetes", text, findings(&["a: b"], text)).0, [None], "only at the top of a file");
}

#[test]
fn buildkits_check_directive_skips_for_the_file() {
    let text = "# check=skip=Fake\nFROM a\nRUN x\n";
    assert_eq!(
        run(&evaluator("select = [\"ALL\"]"), "docker", text, vec![finding("docker/apt-recommends", "f", text, "RUN x")]).0,
        [Some("buildkit".to_owned())]
    );
}

#[test]
fn annotations_cover_their_object() {
    let text = "kind: Pod\nspec: x\n---\nkind: Other\n";
    let at = finding("kubernetes/privileged", "f", text, "kind: Pod").at;
    let object =
        |key: &str, value: &str| ObjectAnnotations { covers: (0, 17), entries: vec![(key.to_owned(), value.to_owned(), at.clone())] };
    for (key, value, expected) in [
        ("plimsoll.dev/ignore", "ignore[kubernetes/privileged] -- node agent\n", Some("annotation node agent")),
        ("checkov.io/skip1", "CKV_K8S_16=needed", Some("checkov needed")),
        ("bridgecrew.io/skip2", "CKV_K8S_16=needed", Some("checkov needed")),
        ("ignore-check.kube-linter.io/privileged-container", "yes", Some("kube-linter yes")),
        ("checkov.io/skip1", "CKV_K8S_99=other", None),
        ("app.kubernetes.io/name", "x", None),
    ] {
        let mut findings =
            [finding("kubernetes/privileged", "f", text, "spec: x"), finding("kubernetes/privileged", "f", text, "kind: Other")];
        let [first, second] = &mut findings;
        evaluator("").evaluate(&mut [first, second], &[], &[object(key, value)]);
        let by = |finding: &Finding| match &finding.state {
            State::Active => None,
            State::Waived(waived) => Some(format!("{} {}", waived.by, waived.reason.clone().unwrap_or_default())),
        };
        assert_eq!(by(&findings[0]).as_deref(), expected, "{key}");
        assert_eq!(by(&findings[1]), None);
    }
}

#[test]
fn central_waivers_cover_paths_or_resources_and_are_held_to_account() {
    let evaluator = evaluator(
        "[[waiver]]\nrules = [\"docker/user-root\"]\npaths = [\"old/\"]\nreason = \"r\"\n[[waiver]]\nrules = [\"docker\"]\nresource = \"a.*\"\nreason = \"r\"\nuntil = 2026-01-01\n[[waiver]]\nrules = [\"terraform/bucket-public\", \"nope\"]\npaths = [\"x\"]\nreason = \"r\"\n",
    );
    let mut findings =
        [finding("docker/user-root", "old/Dockerfile", "USER", "USER"), finding("docker/user-root", "new/Dockerfile", "USER", "USER")];
    let [first, second] = &mut findings;
    let verdict = evaluator.evaluate(&mut [first, second], &[], &[]);
    assert!(matches!(&findings[0].state, State::Waived(waived) if waived.by == "config"));
    assert_eq!(findings[1].state, State::Active, "an expired waiver hides nothing");
    let messages = |whole| evaluator.close(&verdict.used, whole).into_iter().map(|finding| finding.message).collect::<Vec<_>>();
    assert_eq!(
        messages(true),
        [
            "waiver of `docker` expired on 2026-01-01; it had hidden 2 findings",
            "no rule is named by `nope`",
            "waiver of `terraform/bucket-public, nope` hides nothing"
        ]
    );
    assert_eq!(messages(false).len(), 2, "a run on some files knows nothing of unused ones");
}

proptest::proptest! {
    #[test]
    fn any_comment_is_judged(text in "(# plimsoll: |ignore\\[|docker/user-root|\\]|until=|2026-01-01|\\n|USER root|# hadolint ignore=|DL3002|é| ){0,16}") {
        let findings = if text.contains("USER root") { vec![finding("docker/user-root", "f", &text, "USER root")] } else { vec![] };
        run(&evaluator(""), "docker", &text, findings);
    }
}
