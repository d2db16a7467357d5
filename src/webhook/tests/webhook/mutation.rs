//! Fixes as patches.

use crate::client::{create, findings, good_pod};
use crate::server::Server;
use serde_json::{Value, json};

const UNSAFE: &str = r#"
    [serve]
    unsafe-fixes = ["kubernetes/privileged", "kubernetes/privilege-escalation-allowed", "kubernetes/memory-limit-missing", "kubernetes/host-pid",
        "kubernetes/seccomp-profile-missing", "kubernetes/root-filesystem-writable", "kubernetes/run-as-non-root-missing", "kubernetes/capabilities-not-dropped"]
"#;

fn patched(object: &Value, response: &Value) -> Value {
    assert_eq!(response["allowed"], true, "{response:#}");
    let mut object = object.clone();
    // `kube` writes the bytes as numbers, which Go reads as well as base64.
    if let Some(patch) = response["patch"].as_array() {
        assert_eq!(response["patchType"], "JSONPatch");
        let bytes: Vec<u8> = patch.iter().map(|byte| byte.as_u64().unwrap() as u8).collect();
        let patch: json_patch::Patch = serde_json::from_slice(&bytes).unwrap();
        json_patch::patch(&mut object, &patch).unwrap();
    }
    object
}

fn sloppy_pod() -> Value {
    let mut pod = good_pod("web");
    pod["spec"].as_object_mut().unwrap().remove("securityContext");
    pod["spec"]["hostPID"] = json!(true);
    pod["spec"]["containers"] = json!([
        {"name": "web", "image": "registry.example.com/web:1.4.2", "securityContext": {"privileged": true}},
        {"name": "side/car", "image": "registry.example.com/web:1.4.2"},
    ]);
    pod
}

#[tokio::test(flavor = "multi_thread")]
async fn listed_fixes_apply_silence_their_findings_and_are_stable() {
    let server = Server::with(UNSAFE).await;
    let client = server.client();
    let pod = sloppy_pod();
    let before = findings(&client.validate(&create(&pod)).await);
    let response = client.mutate(&create(&pod)).await;
    let fixed = patched(&pod, &response);
    assert_ne!(fixed, pod, "{response:#}");
    let after = findings(&client.validate(&create(&fixed)).await);
    let listed: Vec<Value> = serde_json::from_str(response["auditAnnotations"]["fixed"].as_str().unwrap()).unwrap();
    assert!(listed.len() >= 5, "{listed:#?}");
    for one in &listed {
        let rule = one["rule"].as_str().unwrap();
        assert!(
            before.iter().any(|(found, _)| found == rule) && !after.iter().any(|(found, _)| found == rule),
            "{rule} is silenced: {after:?}"
        );
    }
    let again = client.mutate(&create(&fixed)).await;
    assert!(again["patch"].is_null(), "reinvocation changes nothing: {again:#}");
    assert_eq!(fixed["spec"]["containers"][0]["securityContext"]["privileged"], false, "{fixed:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unsafe_fixes_stay_away_unless_listed() {
    let server = Server::with("").await;
    let response = server.client().mutate(&create(&sloppy_pod())).await;
    assert_eq!((&response["allowed"], &response["patch"]), (&json!(true), &Value::Null), "validation is for /validate: {response:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_fixes_apply_by_themselves() {
    let server = Server::with("extend-select = [\"kubernetes/run-as-non-root-unstated\"]").await;
    let mut pod = good_pod("web");
    pod["spec"]["securityContext"].as_object_mut().unwrap().remove("runAsNonRoot");
    let response = server.client().mutate(&create(&pod)).await;
    let fixed = patched(&pod, &response);
    assert_ne!(fixed, pod, "{response:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_count_is_not_fixed() {
    let exempt = format!("{UNSAFE}\n[[serve.exemption]]\nnamespaces = [\"shop\"]\nreason = \"left alone\"\n");
    let server = Server::with(&exempt).await;
    assert!(server.client().mutate(&create(&sloppy_pod())).await["patch"].is_null());
    let off = format!("{UNSAFE}\n[[serve.enforce]]\naction = \"off\"\n");
    let server = Server::with(&off).await;
    assert!(server.client().mutate(&create(&sloppy_pod())).await["patch"].is_null());
}
