//! `textDocument/hover`.

use crate::client::{Client, DOCKERFILE};

#[test]
fn flagged_span_shows_the_rules_page() {
    let mut client = Client::new(&[]);
    client.open("Dockerfile", DOCKERFILE);
    client.diagnostics("Dockerfile");
    let page = client.hover("Dockerfile", 2, 6);
    assert!(page.contains("https://plimsoll.dev/rules/docker/user-root") && page.contains("hadolint:DL3002"), "{page}");
    assert_eq!(client.hover("Dockerfile", 3, 0), "");
    client.shut_down();
}

#[test]
fn waived_span_says_by_whom() {
    let mut client = Client::new(&[]);
    client.open(
        "Dockerfile",
        "FROM debian:12.7\n# plimsoll: ignore[docker/user-root] until=2027-01-31 owner=platform -- needs it\nUSER root\n",
    );
    client.diagnostics("Dockerfile");
    let page = client.hover("Dockerfile", 2, 6);
    for part in ["Waived by comment", "owner: platform", "until: 2027-01-31", "reason: needs it"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    client.shut_down();
}

#[test]
fn named_rules_are_explained_ours_and_the_peers() {
    let mut client = Client::new(&[("Dockerfile", DOCKERFILE)]);
    let root = "/rules/docker/user-root)";
    client.open(
        "Dockerfile",
        "# hadolint ignore=DL3002\n# plimsoll: ignore[docker/user-root]\n# checkov:skip=CKV_DOCKER_8:x\n# DL3002 in prose\nFROM a\n",
    );
    client.diagnostics("Dockerfile");
    assert!(client.hover("Dockerfile", 0, 20).contains(root));
    assert!(client.hover("Dockerfile", 1, 20).contains(root));
    assert!(client.hover("Dockerfile", 2, 20).contains("user-"), "{}", client.hover("Dockerfile", 2, 20));
    assert_eq!(client.hover("Dockerfile", 3, 4), "");
    client.open("plimsoll.toml", "select = [\"docker/user-root\", \"profile:strict\", \"DL3002\"]\n");
    assert!(client.hover("plimsoll.toml", 0, 15).contains(root));
    assert!(client.hover("plimsoll.toml", 0, 38).contains("names"), "{}", client.hover("plimsoll.toml", 0, 38));
    assert!(client.hover("plimsoll.toml", 0, 50).contains(root));
    client.shut_down();
}

#[test]
fn annotations_name_rules_too() {
    let mut client = Client::new(&[]);
    client.open(
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    ignore-check.kube-linter.io/run-as-non-root: why\n",
    );
    client.diagnostics("pod.yaml");
    let page = client.hover("pod.yaml", 5, 40);
    assert!(page.contains("kubernetes/"), "{page}");
    client.shut_down();
}
