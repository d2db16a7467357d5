//! `textDocument/didChange`.

use crate::client::{Client, DOCKERFILE, able};
use serde_json::json;

fn part(from: (u32, u32), to: (u32, u32), text: &str) -> serde_json::Value {
    json!({"range": {"start": {"line": from.0, "character": from.1}, "end": {"line": to.0, "character": to.1}}, "text": text})
}

#[test]
fn parts_are_replaced_one_after_the_other() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    assert!(client.fired("Dockerfile").contains(&"docker/user-root 2".to_owned()));
    client.change("Dockerfile", json!([part((2, 5), (2, 9), "app"), part((0, 0), (0, 0), "# 𝕏\n"), part((3, 0), (4, 0), "USER root\n")]));
    assert!(client.fired("Dockerfile").contains(&"docker/user-root 3".to_owned()));
    client.change("Dockerfile", json!([part((3, 0), (3, 99), "USER app")]));
    assert!(!client.fired("Dockerfile").iter().any(|one| one.starts_with("docker/user-root")));
    client.shut_down();
}

#[test]
fn columns_are_counted_as_agreed() {
    for (encoding, column) in [("utf-8", 6), ("utf-16", 4), ("utf-32", 3)] {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = json!([encoding]);
        let mut client = Client::with(capabilities, json!(null), &[]);
        client.open("Dockerfile", "FROM debian:12.7\n# 𝕏root\nUSER app\n");
        client.change("Dockerfile", json!([part((1, 0), (1, column), "USER ")]));
        assert!(client.fired("Dockerfile").iter().all(|one| !one.starts_with("docker/user-missing")));
        client.change("Dockerfile", json!([part((2, 0), (3, 0), "")]));
        assert!(client.fired("Dockerfile").contains(&"docker/user-root 1".to_owned()), "{encoding}");
        client.shut_down();
    }
}

#[test]
fn unsaved_text_counts_for_what_depends_on_it() {
    let settings = "extend-select = [\"docker/dockerignore-missing\"]\n";
    let mut client = Client::new(&[("plimsoll.toml", settings), ("Dockerfile", "FROM debian:12.7\nCOPY . /app\nUSER app\n")]);
    client.open("Dockerfile", "FROM debian:12.7\nCOPY . /app\nUSER app\n");
    let before = client.fired("Dockerfile");
    client.open(".dockerignore", "# nothing\n");
    let path = client.path("Dockerfile");
    let after = |client: &Client| client.published[&path]["diagnostics"].as_array().unwrap().len() != before.len();
    client.until(after);
    client.shut_down();
}
