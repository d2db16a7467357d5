//! Verdicts: what is refused, what is warned of, what passes.

use crate::client::{container, create, findings, good_pod, privileged_pod};
use crate::server::Server;
use serde_json::{Value, json};

const UID: &str = "705ab4f5-6393-11e8-b7cc-42010a800002";

#[tokio::test(flavor = "multi_thread")]
async fn sound_object_is_admitted_without_a_word() {
    let server = Server::with("").await;
    let response = server.client().validate(&create(&good_pod("web"))).await;
    assert_eq!((&response["uid"], &response["allowed"]), (&json!(UID), &json!(true)), "{response:#}");
    assert!(response["warnings"].is_null() && findings(&response).is_empty(), "{response:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn grave_findings_refuse_medium_ones_warn_and_low_ones_are_audited() {
    let server = Server::with("").await;
    let mut pod = privileged_pod("web");
    pod["spec"]["hostPID"] = json!(true);
    pod["spec"]["containers"][0].as_object_mut().unwrap().remove("resources");
    pod["spec"]["containers"][0].as_object_mut().unwrap().remove("livenessProbe");
    let response = server.client().validate(&create(&pod)).await;
    assert_eq!((&response["uid"], &response["allowed"]), (&json!(UID), &json!(false)));
    let message = response["status"]["message"].as_str().unwrap();
    for rule in ["kubernetes/privileged (critical) at spec.containers[web].securityContext.privileged", "kubernetes/host-pid (high)"] {
        assert!(message.contains(rule), "every reason is in one answer: {message}");
    }
    assert!(message.starts_with("Pod shop/web is refused for "), "{message}");
    assert_eq!((&response["status"]["code"], &response["status"]["reason"]), (&json!(403), &json!("Forbidden")));
    let warnings: Vec<&str> = response["warnings"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert!(warnings.iter().any(|text| text.starts_with("kubernetes/memory-limit-missing: ")), "{warnings:?}");
    assert!(warnings.iter().all(|text| text.chars().count() <= 120), "{warnings:?}");
    let found = findings(&response);
    for expected in
        [("kubernetes/privileged", "deny"), ("kubernetes/memory-limit-missing", "warn"), ("kubernetes/liveness-probe-missing", "audit")]
    {
        assert!(found.contains(&(expected.0.to_owned(), expected.1.to_owned())), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_the_same_over_http1() {
    let server = Server::with("").await;
    let review = create(&privileged_pod("web"));
    assert_eq!(server.http1().validate(&review).await, server.client().validate(&review).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_judged_is_admitted() {
    let server = Server::with("").await;
    let client = server.client();
    let bad = create(&privileged_pod("web"));
    let with = |change: &dyn Fn(&mut Value)| {
        let mut review = bad.clone();
        change(&mut review["request"]);
        review
    };
    let cases = [
        (
            "delete",
            with(&|request| {
                request["operation"] = json!("DELETE");
                request["oldObject"] = request["object"].take();
            }),
        ),
        (
            "connect",
            with(&|request| {
                request["operation"] = json!("CONNECT");
                request["object"] = json!({"kind": "PodExecOptions", "apiVersion": "v1"});
                request["subResource"] = json!("exec");
            }),
        ),
        (
            "status",
            with(&|request| {
                request["operation"] = json!("UPDATE");
                request["subResource"] = json!("status");
            }),
        ),
        (
            "scale",
            with(&|request| {
                request["operation"] = json!("UPDATE");
                request["subResource"] = json!("scale");
            }),
        ),
        ("kube-system", with(&|request| request["namespace"] = json!("kube-system"))),
        ("its own namespace", with(&|request| request["namespace"] = json!("plimsoll"))),
        ("being deleted", with(&|request| request["object"]["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z"))),
    ];
    for (name, review) in cases {
        let response = client.validate(&review).await;
        assert_eq!(response["allowed"], true, "{name}: {response:#}");
        assert!(response["auditAnnotations"]["skipped"].is_string(), "{name} is said to be unjudged: {response:#}");
    }
    for name in ["ephemeralcontainers", "resize"] {
        let review = with(&|request| request["subResource"] = json!(name));
        assert_eq!(client.validate(&review).await["allowed"], false, "{name} carries a whole pod");
    }
    assert_eq!(
        client.validate(&with(&|request| request["dryRun"] = json!(true))).await["allowed"],
        false,
        "a dry run gets the real verdict"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn system_namespaces_are_judged_when_told_to() {
    let server = Server::with("[serve]\njudge-system = true\nexclude-namespaces = [\"team-*\"]").await;
    for (namespace, allowed) in [("kube-system", false), ("plimsoll", false), ("team-a", true)] {
        let mut pod = privileged_pod("web");
        pod["metadata"]["namespace"] = json!(namespace);
        assert_eq!(server.client().validate(&create(&pod)).await["allowed"], allowed, "{namespace}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn message_and_warnings_are_bounded_and_keep_control_characters_out() {
    let server = Server::with("").await;
    let mut pod = privileged_pod("web");
    let containers: Vec<Value> = (0..400)
        .map(|number| {
            let mut one = container(&format!("c{number}-\u{1b}[31m"));
            one["securityContext"] = json!({"privileged": true});
            one.as_object_mut().unwrap().remove("resources");
            one
        })
        .collect();
    pod["spec"]["containers"] = json!(containers);
    let response = server.client().validate(&create(&pod)).await;
    let message = response["status"]["message"].as_str().unwrap();
    assert!(message.len() < 20_000 && message.contains(" more, in the audit log"), "{}", message.len());
    assert!(!message.contains('\u{1b}'));
    let warnings: Vec<&str> = response["warnings"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert!(
        warnings.iter().map(|text| text.len()).sum::<usize>() <= 4096 && warnings.last().unwrap().contains("more warnings"),
        "{warnings:?}"
    );
    assert!(response["auditAnnotations"]["findings"].as_str().unwrap().len() <= 300_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_looks_like_a_template_is_judged_all_the_same() {
    let server = Server::with("").await;
    let mut pod = privileged_pod("web");
    pod["metadata"]["annotations"] = json!({"note": "{{ .Values.x }}", "other": "${X}"});
    pod["spec"]["containers"][0]["env"] = json!([{"name": "A", "value": "{{"}]);
    assert_eq!(server.client().validate(&create(&pod)).await["allowed"], false);
}
