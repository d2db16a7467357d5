//! `workspace/didChangeWatchedFiles`.

use crate::client::{Client, DOCKERFILE};
use serde_json::json;

#[test]
fn client_is_asked_to_watch() {
    let mut client = Client::new(&[]);
    client.until(|client| client.asked.iter().any(|request| request.method == "client/registerCapability"));
    let watchers = client.asked[0].params["registrations"][0]["registerOptions"]["watchers"].to_string();
    for glob in ["toml", "dockerignore", "wasm", "md"] {
        assert!(watchers.contains(glob), "{watchers}");
    }
    client.shut_down();
}

#[test]
fn configuration_is_reloaded() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    assert!(!client.fired("Dockerfile").is_empty());
    let path = client.path("Dockerfile");
    for (text, none) in [("ignore = [\"docker\"]\n", true), ("", false)] {
        client.write("plimsoll.toml", text);
        let uri = client.uri("plimsoll.toml");
        client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 2}]}));
        client.until(|client| client.published[&path]["diagnostics"].as_array().unwrap().is_empty() == none);
    }
    client.shut_down();
}

#[test]
fn users_rules_are_reloaded() {
    let rule = |message: &str| {
        format!(
            "---\ntitle: Label missing\ntarget: docker\nseverity: low\nprofile: recommended\nfix: none\nsince: 0.1.0\nfor: stage\nrequire: \"false\"\nmessage: {message}\n---\nSays so.\n\n## Examples\n\n### Fires\n```dockerfile fires=1\nFROM debian:12.7\n```\n\n### Silent\n```yaml file=x.yaml\na: b\n```\n"
        )
    };
    let mut client = Client::new(&[("plimsoll.toml", "[rules]\npath = [\"policy/\"]\n"), ("policy/mine/label.md", &rule("one"))]);
    client.open("Dockerfile", DOCKERFILE);
    let path = client.path("Dockerfile");
    client.diagnostics("Dockerfile");
    assert!(client.published[&path].to_string().contains("mine/label"), "{:#?}", client.published);
    client.write("policy/mine/label.md", &rule("two"));
    let uri = client.uri("policy/mine/label.md");
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 2}]}));
    client.until(|client| client.published[&path].to_string().contains("\"two\""));
    client.shut_down();
}

#[test]
fn file_that_comes_or_goes_is_noticed() {
    let mut client = Client::new(&[]);
    let (path, uri) = (client.path("a/Dockerfile"), client.uri("a/Dockerfile"));
    client.write("a/Dockerfile", DOCKERFILE);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 1}]}));
    client.until(|client| client.published.get(&path).is_some_and(|told| told.to_string().contains("docker/user-root")));
    std::fs::remove_file(&path).unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 3}]}));
    client.until(|client| client.published[&path]["diagnostics"] == json!([]));
    client.shut_down();
}
