//! `workspace/didChangeWorkspaceFolders`.

use crate::client::{Client, DOCKERFILE};
use serde_json::json;

#[test]
fn folders_come_and_go_each_with_its_own_settings() {
    let mut client = Client::new(&[]);
    let other = tempfile::tempdir().unwrap();
    let root = other.path().canonicalize().unwrap();
    std::fs::write(root.join("plimsoll.toml"), "ignore = [\"docker/user-root\"]\n").unwrap();
    std::fs::write(root.join("Dockerfile"), DOCKERFILE).unwrap();
    let path = root.join("Dockerfile");
    let folder = json!({"uri": format!("file://{}", root.display()), "name": "other"});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [folder], "removed": []}}));
    client.until(|client| client.published.contains_key(&path));
    assert!(!client.published[&path].to_string().contains("docker/user-root"));
    client.open("Dockerfile", DOCKERFILE);
    assert!(client.fired("Dockerfile").iter().any(|one| one.starts_with("docker/user-root")));
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": [folder]}}));
    client.until(|client| client.published[&path]["diagnostics"] == json!([]));
    client.shut_down();
}
