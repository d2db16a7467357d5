//! `plimsoll check` as users run it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, fired, run_in};
use std::path::Path;

const ROOT: (&str, &str) = ("Dockerfile", "FROM debian:12.7\nUSER root\n");

fn only_root() -> [&'static str; 2] {
    ["--select", "docker/user-root"]
}

#[test]
fn fixtures_have_findings_of_all_four_formats() {
    let run = run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &["check", "fixtures", "--format", "json"], "");
    assert_eq!(run.code, Some(1), "{run:?}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let fired = fired(&report);
    for target in ["docker/", "compose/", "kubernetes/", "terraform/"] {
        assert!(fired.iter().any(|line| line.starts_with(target)), "no finding of {target} among {fired:#?}");
    }
    assert!(!run.stdout.contains("correct-horse-battery"), "secrets are masked");
}

#[test]
fn every_format_prints_and_none_leaks_a_secret() {
    for format in ["full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html"] {
        let run = run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &["check", "fixtures", "--format", format, "--select", "ALL"], "");
        assert_eq!(run.code, Some(1), "{format}: {}", run.stderr);
        assert!(!run.stdout.is_empty());
        assert!(!run.stdout.contains("correct-horse-battery"), "{format} shows a secret");
    }
    let diff = run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &["check", "fixtures", "--diff", "--unsafe-fixes", "--select", "ALL"], "");
    assert!(!diff.stdout.contains("correct-horse-battery"), "the diff shows a secret: {}", diff.stdout);
}

#[test]
fn exit_codes() {
    let folder = Folder::new(&[ROOT]);
    let code = |args: &[&str]| folder.run(&[&["check"], args].concat()).code;
    assert_eq!(code(&only_root()), Some(1));
    assert_eq!(code(&["--select", "docker/user-root", "--fail-on", "critical"]), Some(0));
    assert_eq!(code(&["--select", "docker/user-root", "--exit-zero"]), Some(0));
    assert_eq!(code(&["--ignore", "docker"]), Some(0));
    assert_eq!(code(&["nothing-here"]), Some(2));
    assert_eq!(code(&["--no-such-flag"]), Some(2));
    folder.write("broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: [\n");
    assert_eq!(code(&only_root()), Some(4));
    assert_eq!(code(&["--select", "docker/user-root", "--allow-incomplete"]), Some(1));
    let empty = Folder::new(&[]);
    assert_eq!(empty.run(&["check"]).code, Some(3));
    let excluded = Folder::new(&[ROOT, ("plimsoll.toml", "[files]\nexclude = [\"Dockerfile\"]\n")]);
    assert_eq!(excluded.run(&["check", "Dockerfile"]).code, Some(0));
}

#[test]
fn broken_configuration_is_named_with_its_line() {
    let folder = Folder::new(&[ROOT, ("plimsoll.toml", "select = [\"docker\"]\nfail-on = \"severe\"\n")]);
    let run = folder.run(&["check"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("plimsoll.toml:2"), "{run:?}");
}

#[test]
fn unknown_key_is_warned_about_and_passed_over() {
    let folder = Folder::new(&[ROOT, ("plimsoll.toml", "selct = [\"docker\"]\n")]);
    let (report, run) = folder.check(&[]);
    assert_eq!(run.code, Some(1));
    assert!(report["notices"].to_string().contains("select"), "{report}");
}

#[test]
fn waivers_hide_and_are_held_to_account() {
    let waived = "FROM debian:12.7\n# plimsoll: ignore[docker/user-root] until=2999-01-01 owner=team -- the agent needs it\nUSER root\n";
    let folder = Folder::new(&[("Dockerfile", waived)]);
    let (report, run) = folder.check(&["--select", "docker/user-root,plimsoll"]);
    assert_eq!(run.code, Some(0), "{report}");
    assert_eq!(report["waived"][0]["waiver"]["reason"], "the agent needs it");
    let (report, _) = folder.check(&["--select", "docker/user-root", "--no-waivers"]);
    assert_eq!(fired(&report), ["docker/user-root Dockerfile:3"]);

    folder.write("Dockerfile", waived.replace("2999", "2001"));
    let (report, run) = folder.check(&["--select", "docker/user-root,plimsoll"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(fired(&report), ["plimsoll/waiver-expired Dockerfile:2", "docker/user-root Dockerfile:3"]);

    folder.write("Dockerfile", "FROM debian:12.7\n# plimsoll: ignore[docker/user-root, docker/no-such-rule]\nUSER app\n");
    let (report, _) = folder.check(&["--select", "docker/user-root,plimsoll"]);
    let rules: Vec<String> = fired(&report);
    assert!(rules.iter().any(|line| line.starts_with("plimsoll/waiver-unused")), "{rules:?}");
    assert!(rules.iter().any(|line| line.starts_with("plimsoll/waiver-unknown-rule")), "{rules:?}");

    folder.write("Dockerfile", "FROM debian:12.7\n# hadolint ignore=DL3002\nUSER root\n");
    let (report, run) = folder.check(&["--select", "docker/user-root,plimsoll"]);
    assert_eq!(run.code, Some(0), "a peer's comment counts: {report}");
}

#[test]
fn standard_input_stands_for_a_file() {
    let folder = Folder::new(&[]);
    let run = folder.run_with(&["check", "--stdin-filename", "sub/Dockerfile", "--format", "json", "--select", "docker/user-root"], ROOT.1);
    assert_eq!(run.code, Some(1), "{run:?}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(fired(&report), ["docker/user-root sub/Dockerfile:2"]);
}

#[test]
fn several_outputs_from_one_run() {
    let folder = Folder::new(&[ROOT]);
    let run = folder.run(&[
        "check",
        "--select",
        "docker/user-root",
        "--format",
        "concise",
        "--output",
        "json=a.json",
        "--output",
        "sarif=b.sarif",
    ]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("Dockerfile:2:1: high[docker/user-root]"), "{}", run.stdout);
    let json: serde_json::Value = serde_json::from_str(&folder.read("a.json")).unwrap();
    assert_eq!(json["schema"], "plimsoll/check/1");
    let sarif: serde_json::Value = serde_json::from_str(&folder.read("b.sarif")).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "docker/user-root");
    assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
}

/// The order and content of a report do not depend on the number of threads.
#[test]
fn threads_do_not_change_the_report() {
    let folder = Folder::new(&[]);
    for index in 0..60 {
        folder.write(&format!("{index}/Dockerfile"), "FROM debian\nUSER root\nWORKDIR a\nRUN sudo id\n");
    }
    let report = |jobs| {
        let (mut report, _) = folder.check(&["--select", "ALL", "--jobs", jobs]);
        report["summary"]["seconds"] = 0.into();
        report
    };
    assert_eq!(report("1"), report("2"));
}

#[test]
fn fingerprints_outlive_moved_lines() {
    let print = |text: &str| {
        let (report, _) = Folder::new(&[("Dockerfile", text)]).check(&only_root());
        report["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    assert_eq!(print("FROM debian:12.7\nUSER root\n"), print("# a comment\n\nFROM debian:12.7\nRUN id\n\nUSER root\n"));
}

#[test]
fn users_markdown_rules_run_and_are_tested() {
    let rule = "---\ntitle: Service without owner\nseverity: low\nprofile: recommended\nfix: none\nsince: 1.0.0\ntarget: compose\nfor: service\nrequire: \"'owner' in self.labels\"\nmessage: \"service has no owner\"\n---\nEvery service names who answers for it.\n\n## Examples\n\n### Nobody answers\n```yaml fires=3\nservices:\n  web:\n    image: web:1.0.0\n```\n\n### Somebody does\n```yaml\nservices:\n  web:\n    image: web:1.0.0\n    labels: {owner: shop}\n```\n";
    let folder = Folder::new(&[
        ("plimsoll.toml", "[rules]\npath = [\"policy/\"]\n"),
        ("policy/acme/owner-missing.md", rule),
        ("compose.yaml", "services:\n  web:\n    image: web:1.0.0\n"),
    ]);
    let run = folder.run(&["test"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let (report, run) = folder.check(&["--select", "acme"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(fired(&report), ["acme/owner-missing compose.yaml:3"]);
    folder.write("policy/acme/owner-missing.md", rule.replace("fires=3", "fires=2"));
    assert_eq!(folder.run(&["test", "policy"]).code, Some(1));
}

#[test]
fn rules_are_listed_and_explained_by_peers_ids() {
    let folder = Folder::new(&[]);
    let run = folder.run(&["rules", "--format", "json"]);
    let rules: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(rules.as_array().unwrap().iter().any(|rule| rule["id"] == "docker/user-root"));
    let run = folder.run(&["rule", "dl3002"]);
    assert!(run.stdout.contains("docker/user-root"), "{run:?}");
    let run = folder.run(&["rule", "docker/user-rot"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("did you mean `docker/user-root`"), "{run:?}");
}

#[test]
fn helm_templates_are_said_to_be_templates() {
    let folder = Folder::new(&[(
        "templates/web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n{{- if .Values.x }}\nspec: {}\n{{- end }}\n",
    )]);
    let (report, run) = folder.check(&["--select", "ALL", "."]);
    assert_eq!(run.code, Some(0), "{report}");
    assert_eq!(harness::notices(&report), ["template templates/web.yaml"]);
}

#[test]
fn completions_and_manual_page_are_printed() {
    let folder = Folder::new(&[]);
    assert!(folder.run(&["completions", "bash"]).stdout.contains("_plimsoll"));
    assert!(folder.run(&["man"]).stdout.contains("plimsoll"));
    let schema: serde_json::Value = serde_json::from_str(&folder.run(&["config", "--schema"]).stdout).unwrap();
    assert!(schema.to_string().contains("docker/user-root"));
}

/// A gate whose rules are misspelt must not pass for a green one.
#[test]
fn selecting_nothing_is_a_mistake() {
    let folder = Folder::new(&[("Dockerfile", "FROM debian:12.7\nUSER root\n")]);
    for args in [["--select", "nope/*"], ["--select", "docker/user-rot"], ["--extend-select", "XY1"], ["--ignore", "docker/nope-*"]] {
        let run = folder.run(&["check", args[0], args[1]]);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        assert!(run.stderr.contains(&format!("command line: no rule is named by `{}`", args[1])), "{run:?}");
    }
    folder.write("plimsoll.toml", "select = [\"profile:recommended\", \"docker/user-rot\"]\n");
    let run = folder.run(&["check"]);
    assert!(run.code == Some(2) && run.stderr.contains("plimsoll.toml:1:34: no rule is named"), "{run:?}");
    folder.write("plimsoll.toml", "ignore = [\"docker/user-rot\"]\n");
    let run = folder.run(&["check", "--select", "docker/user-root"]);
    assert!(run.code == Some(1) && run.stdout.contains("no rule is named by `docker/user-rot`"), "what only loosens is told: {run:?}");
}

#[test]
fn rules_that_nobody_named_are_told() {
    let rule = "---\ntitle: t\nseverity: low\ntarget: docker\nfor: stage\nrequire: fals\n---\nWhy.\n\n## Examples\n\n### One\n```dockerfile fires=1\nFROM a\n```\n\n### Two\n```dockerfile\nFROM b\n```\n";
    let folder =
        Folder::new(&[("Dockerfile", "FROM debian:12.7\nUSER app\n"), ("policy/acme/r1.md", rule), ("policy/README.md", "# Ours\n")]);
    let run = folder.run(&["check", "--select", "docker/user-root"]);
    assert!(run.code == Some(0) && run.stdout.contains("policy/acme/r1.md:1:1: this rule does not run"), "{run:?}");
    let run = folder.run(&["check", "--select", "acme"]);
    assert!(run.code == Some(2) && run.stderr.contains("policy/acme/r1.md: this rule does not run"), "{run:?}");
    folder.write("plimsoll.toml", "[rules]\npath = [\"policy/\"]\n");
    let run = folder.run(&["check"]);
    assert!(run.code == Some(2) && run.stderr.contains("r1.md:6"), "the line as editors read it: {run:?}");
}
