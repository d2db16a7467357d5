//! Adding a rule takes one Markdown file and one small Rust file, and no other edit but its id in the list of frozen ids.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::Path;
use std::process::Command;

/// Every file of the repository, as git knows it, in another place.
fn copy(root: &Path, to: &Path) {
    let listed =
        Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root).output().unwrap();
    for path in String::from_utf8(listed.stdout).unwrap().split('\0').filter(|path| !path.is_empty()) {
        let (from, target) = (root.join(path), to.join(path));
        if from.is_file() {
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(from, target).unwrap();
        }
    }
}

fn changes(folder: &Path) -> Vec<String> {
    let status = Command::new("git").args(["status", "--porcelain"]).current_dir(folder).output().unwrap();
    let mut lines: Vec<String> = String::from_utf8(status.stdout).unwrap().lines().map(|line| line[3..].to_owned()).collect();
    lines.sort();
    lines
}

#[test]
fn a_new_rule_takes_two_files_and_its_id() {
    if std::env::var_os("CI").is_none() {
        eprintln!("skipped: it builds a plugin in a copy of the repository; set CI to run it");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    copy(root, at);
    let git = |args: &[&str]| assert!(Command::new("git").args(args).current_dir(at).output().unwrap().status.success(), "{args:?}");
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "before"]);
    // Not the target directory of the run that this test is part of: what the copy builds would stand in the place of its own libraries.
    let target = root.join("target/new-rule");
    let cargo = |args: &[&str]| {
        let run = Command::new(env!("CARGO")).args(args).current_dir(at).env("CARGO_TARGET_DIR", &target).output().unwrap();
        assert!(run.status.success(), "cargo {args:?}: {}", String::from_utf8_lossy(&run.stderr));
    };
    cargo(&["run", "--release", "-p", "plimsoll-sdk", "--example", "new_rule", "--", "docker/a-new-rule"]);
    assert_eq!(changes(at), ["plugins/docker/src/rules/a_new_rule.rs", "rules/docker/a-new-rule.md", "tests/rule-ids.txt"]);
    // The plugin holds the rule, and its examples go as they say.
    cargo(&["test", "--release", "-p", "plimsoll-plugin-docker", "--test", "examples"]);
    assert_eq!(changes(at).len(), 3, "nothing else was written");
    std::fs::remove_file(at.join("plugins/docker/src/rules/a_new_rule.rs")).unwrap();
    let run = Command::new(env!("CARGO"))
        .args(["build", "--release", "-p", "plimsoll-plugin-docker"])
        .current_dir(at)
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success() && said.contains("a_new_rule.rs"), "a missing side is named: {said}");
}
