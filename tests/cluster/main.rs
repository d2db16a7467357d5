//! The webhook in front of a real API server: kube-apiserver and etcd from the Go module proxy, `kubectl`, the real binary, and `deploy/`'s own
//! configuration.
//!
//! Without the binaries the test says so and passes; where `CI` is set they are built (`tests/cluster/binaries`, eight minutes once).
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a failed unwrap is a failed test, and skipping is said aloud")]

mod balancer;
mod control_plane;
mod helm;
mod identity;
mod objects;
#[path = "../harness/tool.rs"]
mod tool;
mod webhook;

use control_plane::ControlPlane;
use objects::{bad_deployment, bad_pod, fixable_pod, good_pod, warned_pod};
use std::time::{Duration, Instant};
use webhook::Webhook;

/// One cluster for all of it: each part leaves the next one what it found.
#[test]
fn webhook_in_front_of_a_real_api_server() {
    let Some(plane) = ControlPlane::start() else { return };
    let webhook = Webhook::start(&plane);
    plane.kubectl_ok(&["create", "namespace", "shop"], "");
    plane.kubectl_ok(&["create", "namespace", "exempt"], "");
    plane.kubectl_ok(&["label", "namespace", "exempt", "plimsoll=audit"], "");

    refuses_with_every_reason(&plane);
    warns(&plane);
    mutates(&plane);
    dry_run_gets_the_verdict_and_stores_nothing(&plane);
    exempt_namespaces_pass(&plane, &webhook);
    old_objects_can_be_changed(&plane);
    ephemeral_containers_are_judged(&plane);
    reads_what_runs(&plane);
    policy_changes_without_a_restart(&plane, &webhook);
    rolling_restart_loses_no_request(&plane, &webhook);
    certificate_renewal_loses_no_request(&plane, &webhook);
    kill_and_restart_under_load(&plane, &webhook);
    helm::installs_runs_and_leaves_nothing(&plane);
}

fn refuses_with_every_reason(plane: &ControlPlane) {
    let run = plane.kubectl(&["apply", "-f", "-"], &bad_pod("bad", "shop"));
    assert!(!run.ok, "{run:?}");
    for text in ["validate.plimsoll.dev", "Pod shop/bad is refused for", "kubernetes/privileged (critical)", "kubernetes/host-pid (high)"] {
        assert!(run.stderr.contains(text), "no `{text}` in {run:?}");
    }
    assert!(!plane.kubectl(&["get", "pod", "-n", "shop", "bad"], "").ok, "it is not stored");
}

fn warns(plane: &ControlPlane) {
    let run = plane.kubectl(&["apply", "-f", "-"], &warned_pod("warned", "shop"));
    assert!(run.ok && run.stderr.contains("Warning: kubernetes/memory-limit-missing: "), "{run:?}");
    assert!(plane.kubectl(&["get", "pod", "-n", "shop", "warned"], "").ok);
}

fn mutates(plane: &ControlPlane) {
    let run = plane.kubectl(&["apply", "-f", "-"], &fixable_pod("fixable", "shop"));
    assert!(run.ok, "{run:?}");
    let stored = plane.kubectl_ok(&["get", "pod", "-n", "shop", "fixable", "-o", "jsonpath={.spec.containers[0].securityContext}"], "");
    assert!(stored.contains("\"allowPrivilegeEscalation\":false"), "it is stored as it was mutated: {stored}");
}

fn dry_run_gets_the_verdict_and_stores_nothing(plane: &ControlPlane) {
    assert!(!plane.kubectl(&["apply", "--dry-run=server", "-f", "-"], &bad_pod("dry", "shop")).ok);
    let run = plane.kubectl(&["apply", "--dry-run=server", "-f", "-"], &good_pod("dry", "shop"));
    assert!(run.ok, "{run:?}");
    assert!(!plane.kubectl(&["get", "pod", "-n", "shop", "dry"], "").ok);
}

fn exempt_namespaces_pass(plane: &ControlPlane, webhook: &Webhook) {
    webhook.wait_for_labels();
    let run = plane.kubectl(&["apply", "-f", "-"], &bad_pod("bad", "exempt"));
    assert!(run.ok, "the label on the namespace decides: {run:?}");
    plane.kubectl_ok(&["apply", "-f", "-"], &bad_deployment("old", "exempt"));
    let run = plane.kubectl(&["apply", "-f", "-"], &bad_pod("system", "kube-system"));
    assert!(run.ok, "kube-system is left alone: {run:?}");
    plane.kubectl_ok(&["label", "namespace", "exempt", "plimsoll-"], "");
    let start = Instant::now();
    while plane.kubectl(&["apply", "--dry-run=server", "-f", "-"], &bad_pod("bad-2", "exempt")).ok {
        assert!(start.elapsed() < Duration::from_secs(30), "the watch sees that the label is gone");
    }
}

fn old_objects_can_be_changed(plane: &ControlPlane) {
    // Stored while the namespace was exempt.
    let run = plane.kubectl(&["label", "pod", "-n", "exempt", "bad", "tier=front"], "");
    assert!(run.ok && run.stderr.contains("Warning: kubernetes/privileged: "), "{run:?}");
    assert!(plane.kubectl(&["delete", "pod", "-n", "exempt", "bad", "--grace-period=0", "--force"], "").ok);
    let scaled = plane.kubectl(&["scale", "deployment", "-n", "exempt", "old", "--replicas=3"], "");
    assert!(scaled.ok, "{scaled:?}");
    let status = r#"{"status": {"observedGeneration": 1}}"#;
    let run = plane.kubectl(&["patch", "deployment", "-n", "exempt", "old", "--subresource=status", "--type=merge", "-p", status], "");
    assert!(run.ok, "{run:?}");
    let worse = r#"{"spec": {"template": {"spec": {"hostPID": true}}}}"#;
    let run = plane.kubectl(&["patch", "deployment", "-n", "exempt", "old", "--type=merge", "-p", worse], "");
    assert!(!run.ok && run.stderr.contains("kubernetes/host-pid"), "what is new is refused: {run:?}");
    assert!(run.stderr.contains("refused for 1 problem"), "and what was there before does not count: {run:?}");
}

/// What `kubectl debug` sends.
fn ephemeral_containers_are_judged(plane: &ControlPlane) {
    let path = "/api/v1/namespaces/shop/pods/warned/ephemeralcontainers";
    let add = |privileged: bool| {
        let mut pod: serde_json::Value =
            serde_json::from_str(&plane.kubectl_ok(&["get", "pod", "-n", "shop", "warned", "-o", "json"], "")).unwrap();
        let context = serde_json::json!({
            "privileged": privileged, "allowPrivilegeEscalation": privileged, "readOnlyRootFilesystem": true,
            "capabilities": {"drop": ["ALL"]},
        });
        let name = format!("debugger-{privileged}");
        let image = "registry.example.com/tools:1.0.0";
        pod["spec"]["ephemeralContainers"] = serde_json::json!([{"name": name, "image": image, "securityContext": context}]);
        plane.kubectl(&["replace", "--raw", path, "-f", "-"], &pod.to_string())
    };
    let refused = add(true);
    assert!(!refused.ok && refused.stderr.contains("kubernetes/privileged"), "{refused:?}");
    let admitted = add(false);
    assert!(admitted.ok, "{admitted:?}");
}

fn reads_what_runs(plane: &ControlPlane) {
    let run = plane.plimsoll(&["check", "--cluster", "--namespace", "shop", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let findings = report["findings"].as_array().unwrap();
    let warned = findings.iter().find(|one| one["rule"] == "kubernetes/memory-limit-missing").unwrap_or_else(|| panic!("{report:#}"));
    assert_eq!(warned["path"], "shop/Pod/warned");
    assert!(findings.iter().all(|one| one["path"].as_str().unwrap().starts_with("shop/")), "of that namespace alone");
    let whole = plane.plimsoll(&["check", "--cluster", "--format", "concise"]);
    assert!(whole.stdout.contains("kube-system/Pod/system") && whole.stdout.contains("kubernetes/privileged"), "{whole:?}");
}

fn policy_changes_without_a_restart(plane: &ControlPlane, webhook: &Webhook) {
    let before = webhook.config();
    webhook.set_config(&format!("{before}\n[[serve.enforce]]\nrules = [\"ALL\"]\naction = \"warn\"\nnamespaces = [\"shop\"]\n"));
    let apply = || plane.kubectl(&["apply", "--dry-run=server", "-f", "-"], &bad_pod("reloaded", "shop"));
    let start = Instant::now();
    while !apply().ok {
        assert!(start.elapsed() < Duration::from_secs(30), "the new policy is not in force");
    }
    assert!(apply().stderr.contains("Warning: kubernetes/privileged: "));
    webhook.set_config(&before);
    // Both replicas must have gone back.
    let start = Instant::now();
    let mut refused = 0;
    while refused < 10 {
        refused = if apply().ok { 0 } else { refused + 1 };
        assert!(start.elapsed() < Duration::from_mins(1), "the old policy is not in force again");
    }
}

fn rolling_restart_loses_no_request(plane: &ControlPlane, webhook: &Webhook) {
    let load = plane.load("rolling");
    for replica in 0..2 {
        load.wait_for(50);
        webhook.restart(replica);
    }
    load.wait_for(50);
    assert_eq!(load.end(), Vec::<String>::new(), "API servers do not retry webhooks: every request met one that answers");
}

fn certificate_renewal_loses_no_request(plane: &ControlPlane, webhook: &Webhook) {
    let load = plane.load("renewal");
    load.wait_for(20);
    webhook.renew_certificate(plane);
    load.wait_for(50);
    assert_eq!(load.end(), Vec::<String>::new());
}

/// With `failurePolicy: Fail` nothing passes unjudged while nobody is there: requests fail, and no bad one is stored. Afterwards all is as it
/// was.
fn kill_and_restart_under_load(plane: &ControlPlane, webhook: &Webhook) {
    let load = plane.load("killed");
    load.wait_for(30);
    webhook.kill();
    load.wait_for(10);
    let run = plane.kubectl(&["apply", "--dry-run=server", "-f", "-"], &good_pod("nobody", "shop"));
    assert!(!run.ok && run.stderr.contains("failed calling webhook"), "{run:?}");
    webhook.start_again();
    let start = Instant::now();
    while !plane.kubectl(&["apply", "--dry-run=server", "-f", "-"], &good_pod("again", "shop")).ok {
        assert!(start.elapsed() < Duration::from_mins(1), "the webhook does not come back");
    }
    let away = load.end();
    assert!(!away.is_empty(), "nothing was asked while nobody was there");
    for one in &away {
        assert!(one.contains("failed calling webhook"), "what is not judged is refused, and nothing else goes wrong: {one}");
    }
    let load = plane.load("after");
    load.wait_for(30);
    assert_eq!(load.end(), Vec::<String>::new());
}
