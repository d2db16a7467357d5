//! `plimsoll serve` as an operator starts it: the real binary, its flags and variables, the traces it sends, clocks that jump, and its end.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a failed unwrap is a failed test, and skipping is said aloud")]

#[allow(dead_code, reason = "shared with the webhook's own tests, which use all of it")]
#[path = "../../src/webhook/tests/webhook/client.rs"]
mod client;
mod collector;
mod process;

use client::{create, findings, get, good_pod, privileged_pod};
use collector::Collector;
use process::Serve;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Every flag of its own has a variable, so that a Deployment's `env` can say what its `args` could.
#[test]
fn every_flag_has_a_variable() {
    let help = Command::new(env!("CARGO_BIN_EXE_plimsoll")).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let mut flags: Vec<(&str, bool)> = vec![];
    for line in help.lines() {
        if let Some(flag) = line.trim_start().split(' ').find(|word| word.starts_with("--")).filter(|_| line.trim_start().starts_with('-'))
        {
            flags.push((flag, false));
        }
        if line.contains("[env: ")
            && let Some((_, named)) = flags.last_mut()
        {
            *named = true;
        }
    }
    let without: Vec<&str> = flags.iter().filter(|(_, named)| !named).map(|(flag, _)| *flag).collect();
    assert!(flags.len() > 25, "{help}");
    // What is said of this run alone, on a terminal.
    assert!(without.iter().all(|flag| ["--help", "--version", "--quiet", "--no-progress", "--verbose"].contains(flag)), "{without:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_say_what_flags_say() {
    let variables = [
        ("PLIMSOLL_SERVE_DRY_RUN_REPORT", "1"),
        ("PLIMSOLL_SERVE_DRAIN", "100ms"),
        ("PLIMSOLL_SERVE_MAX_BODY", "20000"),
        ("PLIMSOLL_SERVE_QUEUE", "7"),
        ("PLIMSOLL_SERVE_THREADS", "1"),
        ("PLIMSOLL_SERVE_FAILURE_POLICY", "fail"),
        ("PLIMSOLL_LOG", "debug"),
    ];
    let serve = Serve::start("", &variables);
    let response = serve.client().validate(&create(&privileged_pod("web"))).await;
    assert_eq!(response["allowed"], true, "everything is admitted: {response:#}");
    let large = format!("{}{}", create(&good_pod("web")), " ".repeat(30_000));
    let answer = serve.client().send("/validate", "application/json", large).await.unwrap();
    assert_eq!(answer.status, 413, "{}", answer.text());
    let end = serve.end();
    assert!(end.ok, "{end:?}");
    let report: Value = serde_json::from_str(&end.stdout).unwrap_or_else(|error| panic!("{error}: {end:?}"));
    assert_eq!(report["requests"], 1, "what would have been refused is said at the end: {report:#}");
    let line = end.stderr.lines().find(|line| line.contains("\"refused\"")).unwrap_or_else(|| panic!("{end:?}"));
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(
        (&line["uid"], &line["user"], &line["admitted"]),
        (&"705ab4f5-6393-11e8-b7cc-42010a800002".into(), &"alice".into(), &true.into())
    );
}

/// Flags over variables over the file.
#[tokio::test(flavor = "multi_thread")]
async fn variables_win_over_the_file() {
    let serve =
        Serve::start("[serve]\ndry-run-report = false\nqueue = 0\nfailure-policy = \"ignore\"\n", &[("PLIMSOLL_SERVE_QUEUE", "16")]);
    assert_eq!(serve.client().validate(&create(&privileged_pod("web"))).await["allowed"], false, "a queue of 0 would judge nothing");
}

fn rule(severity: &str) -> String {
    format!(
        "---
title: Team is not named
severity: {severity}
profile: recommended
target: kubernetes
for: object
require: has(self.metadata.labels.team)
message: label team is missing
---
Every object names its team.

## Examples

### Missing
```yaml fires=1
apiVersion: v1
kind: Pod
metadata:
  name: web
```

### There
```yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    team: a
```
"
    )
}

/// Rules of an operator's own lie beside the configuration, wherever the process was started; a change of them alone is taken over.
#[tokio::test(flavor = "multi_thread")]
async fn own_rules_beside_the_configuration_are_in_force_and_change() {
    let config = "[rules]\npath = [\"policy/\"]\n";
    let serve = Serve::start_with(config, &[("policy/acme/team-missing.md", &rule("critical"))], &[]);
    let client = serve.client();
    let action = async || {
        let response = client.validate(&create(&good_pod("web"))).await;
        findings(&response).into_iter().find(|(rule, _)| rule == "acme/team-missing").map(|(_, action)| action)
    };
    assert_eq!(action().await.as_deref(), Some("deny"));
    serve.write("policy/acme/team-missing.md", &rule("medium"));
    let start = Instant::now();
    while action().await.as_deref() != Some("warn") {
        assert!(start.elapsed() < Duration::from_secs(30), "the changed rule is not in force");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    serve.write("policy/acme/team-missing.md", "no rule");
    let start = Instant::now();
    while !get(serve.ops, "/metrics").await.text().contains("plimsoll_reloads_total{what=\"policy\",result=\"refused\"} 1") {
        assert!(start.elapsed() < Duration::from_secs(30), "the broken rule is not noticed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(action().await.as_deref(), Some("warn"), "the last policy stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn review_is_traced_with_its_uid() {
    let collector = Collector::start();
    let serve = Serve::start("", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.address), ("PLIMSOLL_SERVE_DRAIN", "100ms")]);
    assert_eq!(serve.client().validate(&create(&privileged_pod("web"))).await["allowed"], false);
    let end = serve.end();
    assert!(end.ok, "{end:?}");
    let sent = collector.received();
    assert!(!sent.is_empty(), "no trace arrived: {end:?}");
    assert!(sent.iter().all(|(head, _)| head.starts_with("POST /v1/traces ") && head.contains("application/x-protobuf")), "{sent:?}");
    // Texts stand as they are in protobuf.
    let holds = |text: &str| sent.iter().any(|(_, body)| body.windows(text.len()).any(|window| window == text.as_bytes()));
    for text in ["plimsoll", "review", "705ab4f5-6393-11e8-b7cc-42010a800002", "validate", "Pod", "service.name"] {
        assert!(holds(text), "no `{text}` in the trace");
    }
    assert!(!holds("registry.example.com"), "objects are in no trace");
}

/// A collector that is away or hangs costs traces, never answers.
#[tokio::test(flavor = "multi_thread")]
async fn collector_that_is_away_hurts_nobody() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let serve = Serve::start("", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &address)]);
    for _ in 0..20 {
        let start = Instant::now();
        assert_eq!(serve.client().validate(&create(&privileged_pod("web"))).await["allowed"], false);
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}

/// The wall clock jumps forward over the end of an exemption, and back: verdicts follow it, deadlines do not, and what no exemption covers
/// is refused throughout.
#[tokio::test(flavor = "multi_thread")]
async fn clock_jumps_end_exemptions_and_nothing_else() {
    let library = Path::new("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
    if !library.exists() {
        assert!(std::env::var_os("CI").is_none(), "this needs libfaketime: apt-get install faketime");
        eprintln!("SKIPPED: this needs libfaketime: apt-get install faketime");
        return;
    }
    let until = Command::new("date").args(["-u", "-d", "+30 days", "+%F"]).output().unwrap();
    let until = String::from_utf8(until.stdout).unwrap();
    let config = format!(
        "[serve]\nfailure-policy = \"fail\"\n[[serve.exemption]]\nrules = [\"kubernetes/privileged\", \"kubernetes/privilege-escalation-allowed\"]\nreason = \"for now\"\nuntil = {until}\n"
    );
    let clock = tempfile::NamedTempFile::new().unwrap();
    let set = |offset: &str| std::fs::write(clock.path(), offset).unwrap();
    set("+0d");
    let serve = Serve::start(
        &config,
        &[
            ("LD_PRELOAD", library.to_str().unwrap()),
            ("FAKETIME_TIMESTAMP_FILE", clock.path().to_str().unwrap()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ],
    );
    let client = serve.client();
    let mut host_pid = privileged_pod("other");
    host_pid["spec"]["hostPID"] = true.into();
    let (exempt, never) = (create(&privileged_pod("web")), create(&host_pid));
    for (offset, allowed) in [("+0d", true), ("+60d", false), ("-60d", true), ("+20000d", false), ("+0d", true)] {
        set(offset);
        let start = Instant::now();
        loop {
            let (sent, response) = (Instant::now(), client.validate(&exempt).await);
            assert!(sent.elapsed() < Duration::from_secs(5), "a deadline jumped with the clock");
            assert!(response["auditAnnotations"]["not-judged"].is_null(), "{offset}: {response:#}");
            let refused = client.validate(&never).await;
            assert!(findings(&refused).contains(&("kubernetes/host-pid".to_owned(), "deny".to_owned())), "{offset}: {refused:#}");
            if response["allowed"] == allowed {
                break;
            }
            assert!(start.elapsed() < Duration::from_mins(1), "{offset}: the exemption does not follow the clock");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    assert_eq!(get(serve.ops, "/readyz").await.status, 200);
}

#[test]
fn what_is_missing_is_said_and_ends_the_start() {
    for (arguments, told) in [
        (&["serve", "--no-cluster"][..], "give --tls-cert and --tls-key, or --self-signed"),
        (&["serve", "--no-cluster", "--tls-cert", "no.crt", "--tls-key", "no.key"], "no.crt"),
        (&["serve", "--listen", "here", "--tls-cert", "a", "--tls-key", "b"], "`listen` must be an address"),
        (&["serve", "--deadline", "soon"], "no time such as 8s"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(arguments)
            .args(["--isolated", "--ops-listen=127.0.0.1:0"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(told), "{arguments:?}: {stderr}");
    }
}
