//! Third parties' plugins with the real binary: old ones keep working, and what they want changed is the user's to allow.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, fired};
use sha2::{Digest, Sha256};
use std::path::Path;

const DOCKERFILE: &str = "FROM debian:12.7\nUSER app\n";
const FIXED: &str = "FROM debian:12.7\nLABEL org.opencontainers.image.source=\"https://example.com\"\nUSER app\n";
const RULE: &str = "specimen/source-label-missing";

/// The plugin that was compiled for an ABI version when that was new.
fn specimen(version: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/abi").join(version).join("specimen.wasm")).unwrap()
}

/// A project with a Dockerfile that the plugin has something to say about, and the plugin in it.
fn project(settings: &str) -> Folder {
    let folder = Folder::new(&[("Dockerfile", DOCKERFILE), ("plimsoll.toml", settings)]);
    folder.write("specimen.wasm", specimen("v1"));
    folder
}

const FIX: [&str; 6] = ["--plugin", "specimen.wasm", "--select", RULE, "--fix", "--unsafe-fixes"];

#[test]
fn plugin_of_every_abi_version_still_finds_what_it_did() {
    let versions = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/abi")).unwrap();
    let mut tried = 0;
    for version in versions.map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_dir()) {
        let folder = Folder::new(&[("Dockerfile", DOCKERFILE), ("good/Dockerfile", FIXED)]);
        folder.write("specimen.wasm", specimen(version.file_name().to_str().unwrap()));
        let (report, run) = folder.check(&FIX[..4]);
        assert_eq!(fired(&report), [format!("{RULE} Dockerfile:1")], "{:?}: {run:?}", version.file_name());
        assert_eq!(report["findings"][0]["message"], "stage 0 has no label `org.opencontainers.image.source`");
        tried += 1;
    }
    assert!(tried > 0, "there is a plugin");
}

#[test]
fn third_party_fix_is_shown_and_not_applied() {
    let folder = project("");
    let (report, run) = folder.check(&FIX);
    assert_eq!(fired(&report), [format!("{RULE} Dockerfile:1")], "{run:?}");
    let fix = &report["findings"][0]["fixes"][0];
    assert_eq!(fix["edits"][0]["text"], "\nLABEL org.opencontainers.image.source=\"https://example.com\"");
    assert_eq!(folder.read("Dockerfile"), DOCKERFILE);
    let full = folder.run(&[&["check"], &FIX[..]].concat());
    assert!(full.stdout.contains("LABEL org.opencontainers.image.source"), "{}", full.stdout);
    let diff = folder.run(&[&["check", "--diff"], &FIX[..4], &FIX[5..]].concat());
    assert_eq!(diff.stdout, "", "what --fix would not apply is no difference");
}

#[test]
fn third_party_fix_is_applied_when_it_is_named() {
    for (name, flags, applied) in [
        ("specimen", &FIX[..], true),
        ("other", &FIX[..], false),
        // Trust does not make an unsafe fix a safe one.
        ("specimen", &FIX[..5], false),
    ] {
        let folder = project("");
        let (report, run) = folder.check(&[flags, &["--trust-fixes", name]].concat());
        assert_eq!(folder.read("Dockerfile"), if applied { FIXED } else { DOCKERFILE }, "{name} {flags:?}: {run:?}");
        assert_eq!(fired(&report).is_empty(), applied, "{name} {flags:?}: {run:?}");
    }
}

/// The repository names the plugin, and everything it could think of to have its fixes applied.
#[test]
fn repository_cannot_trust_its_own_plugin() {
    let settings = "\
trust-fixes = [\"specimen\"]
trust = [\"specimen\"]

[fix]
trust-fixes = [\"specimen\"]
unsafe = true

[[plugin]]
path = \"specimen.wasm\"
sha256 = \"a92332fd54cd5b78e4771a23d3024bba0f7ff551b7e2fc6b24df4988c7f0f2f9\"
name = \"specimen\"
trust-fixes = true
trusted = true
";
    let folder = project(settings);
    let (report, run) = folder.check(&FIX[2..]);
    assert_eq!(folder.read("Dockerfile"), DOCKERFILE, "{run:?}");
    assert_eq!(fired(&report).iter().filter(|line| line.starts_with(RULE)).count(), 1, "{run:?}");
    // It was the one thing that was missing.
    let (_, run) = folder.check(&[&FIX[2..], &["--trust-fixes", "specimen"]].concat());
    assert_eq!(folder.read("Dockerfile"), FIXED, "{run:?}");
}

/// Compiling a plugin must not take up the set-up of the next project, which then waits for what the first one holds.
#[test]
fn projects_with_plugins_of_their_own_are_set_up_side_by_side() {
    let folder = Folder::new(&[]);
    let projects: Vec<String> = (0..6).map(|number| format!("p{number}")).collect();
    for (number, project) in projects.iter().enumerate() {
        // A custom section that nobody reads makes it another component.
        let component = [specimen("v1"), vec![0, 3, 1, b'x', number as u8]].concat();
        let digest: String = Sha256::digest(&component).iter().map(|byte| format!("{byte:02x}")).collect();
        folder.write(&format!("{project}/specimen.wasm"), component);
        folder.write(&format!("{project}/Dockerfile"), DOCKERFILE);
        folder.write(&format!("{project}/plimsoll.toml"), format!("[[plugin]]\npath = \"specimen.wasm\"\nsha256 = \"{digest}\"\n"));
    }
    let args: Vec<&str> = ["--jobs", "3", "--select", RULE].into_iter().chain(projects.iter().map(String::as_str)).collect();
    for _ in 0..3 {
        let _ = std::fs::remove_dir_all(folder.path().join(".cache"));
        let (report, run) = folder.check(&args);
        assert_eq!(fired(&report).len(), projects.len(), "{run:?}");
    }
}
