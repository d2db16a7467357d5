//! `workspace/didChangeConfiguration`.

use crate::client::{Client, DOCKERFILE};
use serde_json::json;

#[test]
fn clients_settings_take_effect_at_once() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    assert!(!client.fired("Dockerfile").is_empty());
    let path = client.path("Dockerfile");
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"plimsoll": {"ignore": ["docker"]}}}));
    client.until(|client| client.published[&path]["diagnostics"] == json!([]));
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"select": ["docker/user-root"]}}));
    client.until(|client| client.published[&path]["diagnostics"].as_array().unwrap().len() == 1);
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"plimsoll": {"ignore": 3}}}));
    client.until(|client| client.notifications.iter().any(|one| one.method == "window/showMessage"));
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.shut_down();
}
