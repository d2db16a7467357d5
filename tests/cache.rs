//! `--cache`: the second run says what the first said, whatever changed in between, and whatever became of the cache.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::Folder;
use std::path::PathBuf;

fn project() -> Folder {
    Folder::new(&[
        ("Dockerfile", "FROM debian\nENV TOKEN=hunter2hunter2\nCOPY app.py /\n# plimsoll: ignore[docker/user-root] -- why\nUSER root\n"),
        ("app.py", "x\n"),
        ("compose.yaml", "services:\n  web:\n    image: ${IMAGE}\n    privileged: true\n"),
        (".env", "IMAGE=nginx:1.27.3\n"),
        ("main.tf", "variable \"p\" {\n  default = false\n}\nresource \"aws_db_instance\" \"d\" {\n  publicly_accessible = var.p\n}\n"),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostPID: true\n  containers:\n    - name: a\n      image: nginx\n",
        ),
    ])
}

fn timeless(mut report: serde_json::Value) -> serde_json::Value {
    report["summary"]["seconds"] = 0.into();
    report
}

fn entries(folder: &Folder) -> Vec<PathBuf> {
    let below = |path: &PathBuf| {
        std::fs::read_dir(path).map(|list| list.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()).unwrap_or_default()
    };
    below(&folder.path().join(".cache/results")).iter().flat_map(below).collect()
}

/// Runs with the cache and without it, and holds them to one another.
fn same(folder: &Folder, more: &[&str]) -> serde_json::Value {
    let (cold, _) = folder.check(more);
    let (cached, _) = folder.check(&[more, &["--cache", ".cache/results"]].concat());
    assert_eq!(timeless(cached), timeless(cold.clone()), "{more:?}");
    cold
}

#[test]
fn cached_run_says_what_a_cold_one_says() {
    let folder = project();
    same(&folder, &["--select", "ALL"]);
    let first = entries(&folder).len();
    assert!(first >= 4, "{first}");
    same(&folder, &["--select", "ALL"]);
    assert_eq!(entries(&folder).len(), first, "nothing new was judged");
    // Settings, files, and files that only another file names.
    same(&folder, &["--select", "docker"]);
    folder.write(".env", "IMAGE=nginx:latest\n");
    assert!(same(&folder, &["--select", "ALL"]).to_string().contains("nginx:latest"));
    folder.write(".dockerignore", ".env\n.git\n");
    same(&folder, &["--select", "ALL"]);
    folder.write("terraform.tfvars", "p = true\n");
    same(&folder, &["--select", "ALL"]);
    folder.write("plimsoll.toml", "ignore = [\"docker/base-image-untagged\"]\n");
    same(&folder, &[]);
    same(&folder, &["--no-waivers"]);
    std::fs::remove_file(folder.path().join(".env")).unwrap();
    same(&folder, &["--select", "ALL"]);
}

#[test]
fn damaged_entries_are_no_entries() {
    let folder = project();
    same(&folder, &["--select", "ALL"]);
    for (index, entry) in entries(&folder).iter().enumerate() {
        let text = std::fs::read(entry).unwrap();
        match index % 4 {
            0 => std::fs::write(entry, &text[..text.len() / 2]).unwrap(),
            1 => std::fs::write(entry, "").unwrap(),
            2 => std::fs::write(entry, String::from_utf8(text).unwrap().replace("critical", "info").replace("high", "info")).unwrap(),
            _ => std::fs::write(entry, [0xff; 100]).unwrap(),
        }
    }
    same(&folder, &["--select", "ALL"]);
    folder.write(".cache/file", "no directory");
    let (cold, _) = folder.check(&[]);
    let (cached, _) = folder.check(&["--cache", ".cache/file"]);
    assert_eq!(timeless(cached), timeless(cold), "a cache that cannot be written costs time only");
}

#[test]
fn concurrent_runs_do_not_disturb_each_other() {
    let folder = project();
    for index in 0..60 {
        folder.write(&format!("s{index}/Dockerfile"), "FROM debian\nUSER root\n");
    }
    let (cold, _) = folder.check(&["--select", "ALL"]);
    let cold = timeless(cold);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let (cached, _) = folder.check(&["--select", "ALL", "--cache", ".cache/results"]);
                    assert_eq!(timeless(cached), cold);
                }
            });
        }
    });
}
