//! `shutdown` and `exit`.

use crate::client::Client;
use plimsoll_lsp::Ending;
use serde_json::{Value, json};

#[test]
fn server_ends_as_it_is_asked_to() {
    assert_eq!(Client::new(&[]).shut_down(), Ending::Asked);
    assert_eq!(Client::new(&[]).vanish(), Ending::Lost);
}

#[test]
fn nothing_is_answered_after_shutdown() {
    let mut client = Client::new(&[]);
    client.request("shutdown", Value::Null);
    let id = client.ask("textDocument/hover", json!({}));
    assert_eq!(client.answer(&id).response_result.unwrap_err().code, -32600);
}

#[test]
fn unknown_request_is_refused_and_unknown_notification_ignored() {
    let mut client = Client::new(&[]);
    client.notify("$/whatever", json!({}));
    client.notify("textDocument/didChange", json!({"nonsense": 1}));
    let id = client.ask("textDocument/rename", json!({}));
    assert_eq!(client.answer(&id).response_result.unwrap_err().code, -32601);
    let id = client.ask("textDocument/hover", json!({"textDocument": 3}));
    assert_eq!(client.answer(&id).response_result.unwrap_err().code, -32602);
    client.shut_down();
}
