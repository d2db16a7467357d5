//! `textDocument/diagnostic` and `workspace/diagnostic/refresh`.

use crate::client::{Client, DOCKERFILE, able};
use serde_json::{Value, json};

fn puller(files: &[(&str, &str)]) -> Client {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    Client::with(capabilities, json!(null), files)
}

fn pull(client: &mut Client, name: &str, previous: Option<&str>) -> Value {
    let uri = client.uri(name);
    client.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}, "previousResultId": previous}))
}

#[test]
fn diagnostics_are_of_the_present_text() {
    let mut client = puller(&[]);
    client.open("Dockerfile", DOCKERFILE);
    let report = pull(&mut client, "Dockerfile", None);
    assert!(report["kind"] == "full" && report["items"].to_string().contains("docker/user-root"));
    let id = report["resultId"].as_str().unwrap().to_owned();
    assert_eq!(pull(&mut client, "Dockerfile", Some(&id))["kind"], "unchanged");
    client.replace("Dockerfile", "FROM debian:12.7\nUSER app\n");
    let report = pull(&mut client, "Dockerfile", Some(&id));
    assert!(report["kind"] == "full" && !report["items"].to_string().contains("docker/user-root"));
    assert!(!client.published.contains_key(&client.path("Dockerfile")), "an open document is not told of as well");
    client.shut_down();
}

#[test]
fn client_is_told_to_ask_again_when_something_else_has_changed() {
    let mut client = puller(&[]);
    client.open("Dockerfile", DOCKERFILE);
    pull(&mut client, "Dockerfile", None);
    client.open("plimsoll.toml", "ignore = [\"docker\"]\n");
    client.until(|client| client.asked.iter().any(|request| request.method == "workspace/diagnostic/refresh"));
    assert_eq!(pull(&mut client, "Dockerfile", None)["items"], json!([]));
    client.shut_down();
}
