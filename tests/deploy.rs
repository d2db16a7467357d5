//! What we ask people to run in their clusters passes our own rules, none of them waived.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a failed unwrap is a failed test, and skipping is said aloud")]

mod harness;

use harness::{Run, run_in};
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn passes(run: &Run, judged: u64) {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0), "{report:#}");
    assert_eq!(report["waived"].as_array().map(Vec::len), Some(0), "{report:#}");
    assert!(report["summary"]["judged"].as_u64().unwrap() >= judged, "{report:#}");
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn manifests_and_image_pass_our_own_rules() {
    let args = [
        "check",
        "--isolated",
        "--no-waivers",
        "--format",
        "json",
        "--select",
        "profile:strict",
        "--ignore",
        "kubernetes/image-digest-missing,docker/base-image-no-digest",
    ];
    let strict = run_in(root(), &[&args[..], &["deploy/base", "deploy/Dockerfile"]].concat(), "");
    let report: serde_json::Value = serde_json::from_str(&strict.stdout).unwrap();
    eprintln!("strict: {:#}", report["findings"]);
    let run = run_in(root(), &["check", "--isolated", "--no-waivers", "--format", "json", "deploy/base", "deploy/Dockerfile"], "");
    passes(&run, 12);
}

#[test]
fn manifests_pass_as_the_webhook_would_judge_them() {
    let run = run_in(root(), &["check", "--isolated", "--no-waivers", "--format", "json", "--as-admission", "deploy/base"], "");
    passes(&run, 11);
}
