//! `textDocument/codeAction` and `codeAction/resolve`.

use crate::client::{Client, DOCKERFILE, able, apply};
use serde_json::{Value, json};

fn edits(action: &Value) -> Vec<Value> {
    let changes = action["edit"]["documentChanges"].as_array().unwrap_or_else(|| panic!("{action:#}"));
    changes.iter().flat_map(|change| change["edits"].as_array().unwrap().clone()).collect()
}

#[test]
fn safe_fix_is_preferred_and_mends() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    let actions = client.actions("Dockerfile", 1, None);
    let (title, fix) = actions.iter().find(|(_, action)| action["isPreferred"] == true).unwrap_or_else(|| panic!("{actions:#?}"));
    assert!(fix["kind"] == "quickfix" && !title.contains("(unsafe)"));
    let rule = fix["diagnostics"][0]["code"].as_str().unwrap().to_owned();
    let fixed = apply(DOCKERFILE, &edits(fix));
    client.replace("Dockerfile", &fixed);
    assert!(!client.fired("Dockerfile").iter().any(|one| one.starts_with(&rule)), "{fixed}");
    client.shut_down();
}

#[test]
fn unsafe_fix_says_so() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    let actions = client.actions("Dockerfile", 1, Some("quickfix"));
    let (_, fix) = actions.iter().find(|(title, _)| title.ends_with("(unsafe)")).unwrap_or_else(|| panic!("{actions:#?}"));
    assert_eq!(fix["isPreferred"], false);
    client.shut_down();
}

/// Waives the first finding of a document and gives the text that results.
fn waive(name: &str, text: &str, rule: &str) -> String {
    let mut client = Client::new(&[]);
    client.open(name, text);
    let found = client.diagnostics(name);
    let line = found.iter().find(|one| one["code"] == rule).unwrap_or_else(|| panic!("{found:#?}"))["range"]["start"]["line"].clone();
    let actions = client.actions(name, u32::try_from(line.as_u64().unwrap()).unwrap(), None);
    let action = &actions[&format!("Waive {rule} here, with a reason")];
    assert!(action["edit"].is_null());
    let resolved = client.request("codeAction/resolve", action.clone());
    let waived = apply(text, &edits(&resolved));
    client.replace(name, &waived);
    let left = client.fired(name);
    assert!(!left.iter().any(|one| one.starts_with(rule)) && !left.iter().any(|one| one.starts_with("plimsoll/")), "{waived}\n{left:?}");
    client.shut_down();
    waived
}

#[test]
fn waiver_stands_where_its_format_wants_it() {
    let text = "# syntax=docker/dockerfile:1\nFROM debian:12.7\nRUN true && \\\n    apt-get install -y curl\nUSER root\n";
    assert!(
        waive("Dockerfile", text, "docker/user-root").contains("\n# plimsoll: ignore[docker/user-root] -- state the reason\nUSER root\n")
    );
    // Comments may stand between the lines of one instruction.
    let waived = waive("Dockerfile", text, "docker/apt-lists-left");
    assert!(waived.contains("\\\n    # plimsoll: ignore[docker/apt-lists-left] -- state the reason\n    apt-get"), "{waived}");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    image: nginx\n";
    let waived = waive("pod.yaml", pod, "kubernetes/image-unpinned");
    assert!(waived.contains("    # plimsoll: ignore[kubernetes/image-unpinned] -- state the reason\n    image: nginx"), "{waived}");
    let tf = "resource \"aws_ebs_volume\" \"a\" {\n  availability_zone = \"a\"\n  encrypted         = false\n}\n";
    let waived = waive("main.tf", tf, "terraform/ebs-unencrypted");
    assert!(waived.contains("# plimsoll: ignore[terraform/ebs-unencrypted] -- state the reason\n"), "{waived}");
    let compose = "services:\n  web:\n    image: a:1\n    privileged: true\n";
    let waived = waive("compose.yaml", compose, "compose/privileged");
    assert!(waived.contains("# plimsoll: ignore[compose/privileged]"), "{waived}");
}

#[test]
fn format_without_comments_is_told_so() {
    let mut client = Client::new(&[]);
    let text = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"a\"},\n\"spec\": {\"containers\": [{\"name\": \"c\", \"image\": \"nginx\"}]}}";
    client.open("pod.json", text);
    client.diagnostics("pod.json");
    let actions = client.actions("pod.json", 1, None);
    let action = actions.iter().find(|(title, _)| title.starts_with("Waive")).unwrap().1.clone();
    let resolved = client.request("codeAction/resolve", action);
    assert!(resolved["edit"].is_null() && resolved["disabled"]["reason"].as_str().unwrap().contains("plimsoll.toml"), "{resolved:#}");
    client.shut_down();
}

#[test]
fn everything_is_fixed_at_once() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    let actions = client.actions("Dockerfile", 0, Some("source.fixAll"));
    assert_eq!(actions.len(), 1, "{actions:#?}");
    let action = actions.into_values().next().unwrap();
    assert_eq!(action["kind"], "source.fixAll.plimsoll");
    let resolved = client.request("codeAction/resolve", action);
    let fixed = apply(DOCKERFILE, &edits(&resolved));
    assert_ne!(fixed, DOCKERFILE);
    client.replace("Dockerfile", &fixed);
    client.diagnostics("Dockerfile");
    assert!(client.actions("Dockerfile", 0, Some("source.fixAll")).is_empty(), "{fixed}");
    client.shut_down();
}

#[test]
fn action_for_a_text_that_is_gone_is_refused() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    client.diagnostics("Dockerfile");
    let action = client.actions("Dockerfile", 0, Some("source.fixAll")).into_values().next().unwrap();
    client.replace("Dockerfile", "FROM debian:12.7\n");
    let resolved = client.request("codeAction/resolve", action);
    assert!(resolved["edit"].is_null() && !resolved["disabled"].is_null());
    client.shut_down();
}

#[test]
fn old_client_gets_plain_edits_at_once() {
    let mut client = Client::with(json!({}), json!(null), &[]);
    client.open("Dockerfile", DOCKERFILE);
    let path = client.path("Dockerfile");
    client.until(|client| client.published.contains_key(&path));
    let actions = client.actions("Dockerfile", 2, None);
    assert!(
        actions.values().all(|action| !action["edit"]["changes"].is_null() && action["edit"]["documentChanges"].is_null()),
        "{actions:#?}"
    );
    client.shut_down();
}

#[test]
fn snippet_asks_for_the_reason() {
    let mut capabilities = able();
    capabilities["workspace"]["workspaceEdit"]["snippetEditSupport"] = json!(true);
    let mut client = Client::with(capabilities, json!(null), &[]);
    client.open("Dockerfile", DOCKERFILE);
    let actions = client.actions("Dockerfile", 2, None);
    let resolved = client.request("codeAction/resolve", actions["Waive docker/user-root here, with a reason"].clone());
    assert!(edits(&resolved)[0]["snippet"]["value"].as_str().unwrap().contains("-- ${1:state the reason}"), "{resolved:#}");
    client.shut_down();
}
