//! `$/progress`.

use crate::client::{Client, DOCKERFILE, able};
use serde_json::json;
use std::time::Duration;

#[test]
fn first_pass_is_told_of_from_begin_to_end() {
    let files: Vec<(String, &str)> = (0..20).map(|at| (format!("{at}/Dockerfile"), DOCKERFILE)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let mut client = Client::new(&files);
    let kinds = |client: &Client| -> Vec<String> {
        let told = client.notifications.iter().filter(|one| one.method == "$/progress");
        told.map(|one| one.params["value"]["kind"].as_str().unwrap().to_owned()).collect()
    };
    client.until(|client| kinds(client).last().is_some_and(|kind| kind == "end"));
    assert_eq!(kinds(&client)[0], "begin");
    assert!(kinds(&client).contains(&"report".to_owned()));
    assert!(client.asked.iter().any(|request| request.method == "window/workDoneProgress/create"));
    assert_eq!(client.published.len(), 20);
    client.shut_down();
}

#[test]
fn client_that_shows_no_progress_is_not_told() {
    let mut capabilities = able();
    capabilities["window"]["workDoneProgress"] = json!(false);
    let mut client = Client::with(capabilities, json!(null), &[("Dockerfile", DOCKERFILE)]);
    client.open("Dockerfile", DOCKERFILE);
    client.diagnostics("Dockerfile");
    client.linger(Duration::from_millis(50));
    assert!(client.notifications.iter().all(|one| one.method != "$/progress"));
    client.shut_down();
}
