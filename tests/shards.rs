//! `--shard` and `plimsoll merge`: parts put together are the whole, byte for byte; and what a first run tells.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::Folder;

fn monorepo() -> Folder {
    let folder = Folder::new(&[]);
    for index in 0..40 {
        folder.write(&format!("svc{index}/Dockerfile"), "FROM debian\nUSER root\nRUN sudo id\n");
        folder.write(&format!("svc{index}/compose.yaml"), "services:\n  a:\n    image: nginx\n    privileged: true\n");
        folder.write(&format!("k8s/{index}.yaml"), format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p{index}\nspec:\n  hostPID: true\n  containers:\n    - name: a\n      image: nginx\n"));
    }
    folder.write("chart/t.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.x }}\n");
    folder.write("broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: [\n");
    folder
}

/// Time is the one thing that differs between two runs.
fn timeless(text: &str) -> String {
    let at = text.find("\"seconds\":").map(|at| at + 10);
    at.map_or_else(|| text.to_owned(), |at| format!("{}0{}", &text[..at], &text[at + text[at..].find('}').unwrap()..]))
}

#[test]
fn shards_merged_are_one_run() {
    let folder = monorepo();
    for format in ["json", "sarif"] {
        let whole = folder.run(&["check", "--format", format]);
        let parts: Vec<String> = (1..=3)
            .map(|part| {
                let run = folder.run(&["check", "--format", format, "--shard", &format!("{part}/3")]);
                assert!(run.stdout.len() < whole.stdout.len(), "a part is less than the whole");
                let name = format!(".cache/{part}.{format}");
                folder.write(&name, run.stdout);
                name
            })
            .collect();
        let merged = folder.run(&[&["merge"], parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat());
        assert_eq!(merged.code, whole.code, "{merged:?}");
        assert!(timeless(&merged.stdout) == timeless(&whole.stdout), "{format} differs");
    }
}

#[test]
fn what_cannot_be_merged_is_said() {
    let folder = monorepo();
    let json = folder.run(&["check", "--format", "json", "--shard", "1/2"]);
    folder.write(".cache/a.json", &json.stdout);
    folder.write(".cache/b.sarif", folder.run(&["check", "--format", "sarif", "--shard", "2/2"]).stdout);
    folder.write(".cache/c.json", "{}");
    assert_eq!(folder.run(&["merge", ".cache/a.json", ".cache/b.sarif"]).code, Some(2));
    assert_eq!(folder.run(&["merge", ".cache/a.json", ".cache/c.json"]).code, Some(2));
    for wrong in ["0/2", "3/2", "1", "a/b"] {
        assert_eq!(folder.run(&["check", "--shard", wrong]).code, Some(2), "{wrong}");
    }
}

#[test]
fn first_run_tells_what_was_judged_and_what_to_do_next() {
    let folder = Folder::new(&[("Dockerfile", "FROM debian\nUSER root\n")]);
    std::fs::remove_file(folder.path().join("plimsoll.toml")).unwrap();
    let run = folder.run(&["check"]);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0] == "judged: 1 docker unit in 1 file", "{lines:?}");
    assert!(lines[1].contains("profile recommended") && lines[2].contains("plimsoll baseline"), "{lines:?}");
    assert_eq!(folder.run(&["check", "--format", "json"]).stderr, "", "machines are told nothing");
    folder.write("plimsoll.toml", "");
    assert_eq!(folder.run(&["check"]).stderr, "");
    let explained = folder.run(&["check", "--explain", "DL3002"]);
    assert!(explained.code == Some(0) && explained.stdout.contains("docker/user-root"), "{explained:?}");
}

#[test]
fn watch_judges_again_when_a_file_changes() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::new(&[("Dockerfile", "FROM debian:12.7\nUSER root\n")]);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--watch", "--format", "concise", "--select", "docker/user-root"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("Dockerfile:2:1"));
    assert!(told.next().unwrap().unwrap().contains("watching"));
    folder.write("Dockerfile", "# new\nFROM debian:12.7\nUSER root\n");
    assert!(lines.next().unwrap().unwrap().starts_with("Dockerfile:3:1"));
    child.kill().unwrap();
    child.wait().unwrap();
}
