//! `textDocument/completion`.

use crate::client::{Client, DOCKERFILE};

#[test]
fn rules_are_offered_between_a_waivers_brackets() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", "FROM debian:12.7\n# plimsoll: ignore[docker/us\nUSER root\n");
    client.diagnostics("Dockerfile");
    assert!(client.labels("Dockerfile", 1, 28).contains(&"docker/user-root".to_owned()));
    assert!(client.labels("Dockerfile", 1, 12).is_empty());
    assert!(client.labels("Dockerfile", 2, 5).is_empty());
    client.shut_down();
}

#[test]
fn rules_and_selectors_are_offered_in_the_configuration() {
    let mut client = Client::new(&[("Dockerfile", DOCKERFILE)]);
    let text = "select = [\n  \"docker/\",\n]\nfail-on = \"low\"\n\n[severity]\n\"docker/\" = \"low\"\n\n[[waiver]]\nrules = [\"\"]\nowner = \"x\"\n";
    client.open("plimsoll.toml", text);
    client.open("Dockerfile", DOCKERFILE);
    client.diagnostics("Dockerfile");
    let labels = client.labels("plimsoll.toml", 1, 10);
    assert!(labels.contains(&"docker/user-root".to_owned()) && labels.contains(&"profile:strict".to_owned()));
    assert!(client.labels("plimsoll.toml", 6, 8).contains(&"docker/user-root".to_owned()));
    assert!(client.labels("plimsoll.toml", 9, 10).contains(&"docker/user-root".to_owned()));
    assert!(client.labels("plimsoll.toml", 3, 11).is_empty());
    assert!(client.labels("plimsoll.toml", 10, 9).is_empty());
    client.shut_down();
}

#[test]
fn what_the_file_is_flagged_for_comes_first() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", "FROM debian:12.7\n# plimsoll: ignore[\nUSER root\n");
    client.diagnostics("Dockerfile");
    let uri = client.uri("Dockerfile");
    let answer = client
        .request("textDocument/completion", serde_json::json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 19}}));
    let first = answer["items"].as_array().unwrap().iter().min_by_key(|item| item["sortText"].as_str().unwrap().to_owned()).unwrap();
    assert_eq!(first["label"], "docker/user-root", "{first:#}");
    client.shut_down();
}
