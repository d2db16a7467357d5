//! `initialize`.

use crate::client::{Client, able};
use serde_json::json;

#[test]
fn encoding_is_the_best_that_the_client_offers() {
    for (offered, chosen) in [
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-32"),
        (json!(["utf-16", "utf-32"]), "utf-16"),
        (json!(["ebcdic"]), "utf-16"),
        (json!(null), "utf-16"),
    ] {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = offered;
        let client = Client::with(capabilities, json!(null), &[]);
        assert_eq!(client.capabilities["positionEncoding"], chosen);
        client.shut_down();
    }
}

#[test]
fn pull_is_offered_only_with_refresh() {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    let client = Client::with(capabilities.clone(), json!(null), &[]);
    assert!(client.capabilities["diagnosticProvider"].is_null());
    client.shut_down();
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    let client = Client::with(capabilities, json!(null), &[]);
    assert_eq!(client.capabilities["diagnosticProvider"]["interFileDependencies"], true);
    client.shut_down();
}

#[test]
fn edits_come_in_parts_and_actions_in_two_kinds() {
    let client = Client::new(&[]);
    assert_eq!(client.capabilities["textDocumentSync"]["change"], 2);
    assert_eq!(client.capabilities["codeActionProvider"]["codeActionKinds"], json!(["quickfix", "source.fixAll.plimsoll"]));
    assert_eq!(client.capabilities["workspace"]["workspaceFolders"]["supported"], true);
    client.shut_down();
}

#[test]
fn settings_come_with_the_introduction() {
    let mut client = Client::with(able(), json!({"ignore": ["docker/user-root"]}), &[]);
    client.open("Dockerfile", crate::client::DOCKERFILE);
    assert!(!client.fired("Dockerfile").iter().any(|one| one.starts_with("docker/user-root ")));
    client.shut_down();
}
