//! `textDocument/publishDiagnostics`.

use crate::client::{Client, DOCKERFILE, able};
use serde_json::json;

#[test]
fn diagnostic_says_everything_there_is() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", "FROM debian:12.7\nMAINTAINER a\nUSER root\nCMD a\nCMD b\n");
    let all = client.diagnostics("Dockerfile");
    let of = |rule: &str| all.iter().find(|one| one["code"] == rule).unwrap_or_else(|| panic!("{rule}: {all:#?}"));
    let root = of("docker/user-root");
    assert_eq!(root["source"], "plimsoll");
    assert_eq!(root["codeDescription"]["href"], "https://plimsoll.dev/rules/docker/user-root");
    assert_eq!(root["range"]["start"]["line"], 2);
    assert_eq!(root["data"]["version"], 1);
    assert_eq!(of("docker/maintainer-deprecated")["tags"], json!([2]));
    assert_eq!(of("docker/cmd-multiple")["tags"], json!([1]));
    assert!(all.iter().any(|one| one["data"]["fixes"].as_array().is_some_and(|fixes| !fixes.is_empty())));
    client.shut_down();
}

#[test]
fn related_places_are_told_to_clients_that_show_them() {
    let files = [(
        "main.tf",
        "variable \"open\" {\n  default = [\"0.0.0.0/0\"]\n}\n\nresource \"aws_security_group\" \"a\" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = var.open\n  }\n}\n",
    )];
    let related = |client: &mut Client| {
        client.open("main.tf", files[0].1);
        client.diagnostics("main.tf").iter().any(|one| !one["relatedInformation"].is_null())
    };
    let mut client = Client::new(&files);
    assert!(related(&mut client));
    client.shut_down();
    let mut capabilities = able();
    capabilities["textDocument"]["publishDiagnostics"]["relatedInformation"] = json!(false);
    let mut client = Client::with(capabilities, json!(null), &files);
    assert!(!related(&mut client));
    client.shut_down();
}

#[test]
fn files_that_are_not_open_are_told_of_too() {
    let mut client = Client::new(&[("a/Dockerfile", DOCKERFILE)]);
    let path = client.path("a/Dockerfile");
    client.until(|client| client.published.contains_key(&path));
    assert!(client.published[&path]["version"].is_null());
    client.shut_down();
}

#[test]
fn intact_parts_of_a_broken_document_are_judged() {
    let mut client = Client::new(&[]);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: c, image: nginx}\n";
    client.open("pod.yaml", &format!("{pod}---\na: [\n"));
    let all = client.diagnostics("pod.yaml");
    assert_eq!(all.iter().filter(|one| one["code"] == "parse").count(), 1, "{all:#?}");
    assert!(all.iter().any(|one| one["code"] == "kubernetes/image-unpinned"), "{all:#?}");
    client.shut_down();
}

#[test]
fn closed_document_counts_as_it_is_on_disk() {
    let mut client = Client::new(&[("Dockerfile", "FROM debian:12.7\nUSER app\n")]);
    let path = client.path("Dockerfile");
    client.open("Dockerfile", DOCKERFILE);
    assert!(client.fired("Dockerfile").iter().any(|one| one.starts_with("docker/user-root ")));
    client.close("Dockerfile");
    client.until(|client| client.published[&path]["version"].is_null());
    assert!(!client.published[&path].to_string().contains("docker/user-root"), "the first word after closing is of the file");
    client.shut_down();
}

#[test]
fn problems_of_the_configuration_stand_in_its_file() {
    let mut client = Client::new(&[("Dockerfile", DOCKERFILE), ("plimsoll.toml", "select = [\"nonsense/rule\"]\n")]);
    client.open("plimsoll.toml", "select = [\"nonsense/rule\"]\n");
    let all = client.diagnostics("plimsoll.toml");
    assert!(
        all.iter().any(|one| one["message"].as_str().unwrap().contains("nonsense/rule") && one["range"]["start"]["character"] == 10),
        "{all:#?}"
    );
    client.replace("plimsoll.toml", "select = [");
    let all = client.diagnostics("plimsoll.toml");
    assert!(all.iter().any(|one| one["severity"] == 1), "{all:#?}");
    client.replace("plimsoll.toml", "");
    assert_eq!(client.diagnostics("plimsoll.toml"), Vec::<serde_json::Value>::new());
    client.shut_down();
}
