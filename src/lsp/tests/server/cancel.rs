//! `$/cancelRequest`.

use crate::client::{Client, DOCKERFILE, able};
use serde_json::json;

#[test]
fn waiting_request_is_cancelled_and_others_answered() {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    let mut client = Client::with(capabilities, json!(null), &[]);
    client.open("Dockerfile", &DOCKERFILE.repeat(200));
    let uri = client.uri("Dockerfile");
    let pull = json!({"textDocument": {"uri": uri}});
    let first = client.ask("textDocument/diagnostic", pull.clone());
    client.notify("$/cancelRequest", json!({"id": first.to_string().parse::<i32>().unwrap()}));
    let second = client.ask("textDocument/diagnostic", pull);
    let answer = client.answer(&first);
    // It may have been answered before the cancellation came; then the answer stands.
    assert!(answer.response_result.is_ok() || answer.response_result.unwrap_err().code == -32800);
    assert!(client.answer(&second).response_result.is_ok());
    client.shut_down();
}
