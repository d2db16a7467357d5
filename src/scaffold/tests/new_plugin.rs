//! What is written for a new plugin. That it builds and passes its example is shown end to end, with the real binary.
#![allow(clippy::unwrap_used, reason = "a test says enough by failing")]

use plimsoll_scaffold::{Error, new_plugin};
use std::fs;

#[test]
fn a_plugin_has_its_rule_and_the_whole_sdk() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("acme-rules");
    let own = new_plugin(&root, "acme-rules").unwrap();
    assert!(own.contains(&root.join("rules/acme-rules/source-label-missing.md")));
    assert!(own.iter().all(|path| path.is_file()));
    for needed in
        ["sdk/rust/src/lib.rs", "sdk/document/schema/docker.schema", "sdk/wit/v1/rules.wit", "sdk/rulebook/examples/run.rs", "Cargo.lock"]
    {
        assert!(root.join(needed).is_file(), "{needed}");
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(!manifest.contains('{') || !manifest.contains("{name}") && !manifest.contains("{workspace}"), "{manifest}");
    assert!(manifest.contains("plimsoll-rulebook = { path = \"sdk/rulebook\" }"), "{manifest}");
}

/// Every dependency that a copied manifest takes from the workspace is one that the new workspace has.
#[test]
fn copied_manifests_resolve() {
    let dir = tempfile::tempdir().unwrap();
    new_plugin(dir.path(), "acme").unwrap();
    let manifest = fs::read_to_string(dir.path().join("Cargo.toml")).unwrap();
    for part in ["document", "condition", "rust", "finding", "rulebook"] {
        let copy = fs::read_to_string(dir.path().join("sdk").join(part).join("Cargo.toml")).unwrap();
        assert!(!copy.contains("dev-dependencies"), "{part}");
        let mut in_dependencies = false;
        for line in copy.lines() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && line.contains("workspace") {
                let name = line.split(['.', ' ', '=']).next().unwrap();
                assert!(manifest.contains(&format!("\n{name} = ")), "{part} needs {name}:\n{manifest}");
            }
        }
    }
}

#[test]
fn names_that_cannot_be_plugins_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["", "Acme", "acme_rules", "-a", "a--b", "../x", "docker", "plimsoll-sdk"] {
        assert!(matches!(new_plugin(&dir.path().join("p"), name), Err(Error::Name(_))), "{name}");
    }
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mine"), "").unwrap();
    assert!(matches!(new_plugin(dir.path(), "acme"), Err(Error::Exists(_))));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}
