//! Changes of objects that had defects before.

use crate::client::{container, findings, good_pod, privileged_pod, update};
use crate::server::Server;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn old_defects_are_at_most_warned_of() {
    let server = Server::with("").await;
    let old = privileged_pod("web");
    let mut new = old.clone();
    new["metadata"]["labels"]["release"] = json!("2");
    let response = server.client().validate(&update(&old, &new)).await;
    assert_eq!(response["allowed"], true, "{response:#}");
    assert!(findings(&response).contains(&("kubernetes/privileged".to_owned(), "warn".to_owned())), "{response:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_defects_are_refused() {
    let server = Server::with("").await;
    assert_eq!(server.client().validate(&update(&good_pod("web"), &privileged_pod("web"))).await["allowed"], false);
    let old = privileged_pod("web");
    let mut second = old.clone();
    let mut sidecar = container("sidecar");
    sidecar["securityContext"] = json!({"privileged": true});
    second["spec"]["containers"].as_array_mut().unwrap().push(sidecar);
    let response = server.client().validate(&update(&old, &second)).await;
    assert_eq!(response["allowed"], false, "another container is another finding: {response:#}");
    let message = response["status"]["message"].as_str().unwrap();
    assert!(message.contains("sidecar") && !message.contains("containers[web]"), "only what is new refuses: {message}");
}

/// Containers without a name have one fingerprint: there only counting tells a second one.
#[tokio::test(flavor = "multi_thread")]
async fn more_of_the_same_is_new() {
    let server = Server::with("").await;
    let bare = || json!({"image": "registry.example.com/web:1.4.2", "securityContext": {"privileged": true}});
    let mut old = good_pod("web");
    old["spec"]["containers"] = json!([bare()]);
    let mut new = old.clone();
    new["spec"]["containers"] = json!([bare(), bare()]);
    assert_eq!(server.client().validate(&update(&old, &new)).await["allowed"], false);
    assert_eq!(server.client().validate(&update(&new, &old)).await["allowed"], true, "fewer are fine");
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_finalizer_of_a_bad_object_is_admitted() {
    let server = Server::with("").await;
    let mut old = privileged_pod("web");
    old["metadata"]["finalizers"] = json!(["example.com/x"]);
    old["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    let mut new = old.clone();
    new["metadata"]["finalizers"] = json!([]);
    assert_eq!(server.client().validate(&update(&old, &new)).await["allowed"], true);
}
