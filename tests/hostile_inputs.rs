//! Input that means harm: no crash, no hang, a clear notice, everything else judged, the right exit code.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, Run, fired, notices};

/// A Dockerfile that a recommended rule fires on, to see that the rest of the run goes on.
const WITNESS: &str = "FROM debian:12.7\nUSER root\n";

/// Judges a folder that holds one bad file and one good one.
fn beside_witness(folder: &Folder) -> (serde_json::Value, Run) {
    folder.write("witness/Dockerfile", WITNESS);
    let (report, run) = folder.check(&["--select", "docker/user-root", "."]);
    assert!(fired(&report).contains(&"docker/user-root witness/Dockerfile:2".to_owned()), "the witness was judged: {report}");
    (report, run)
}

fn incomplete(folder: &Folder, kind: &str, path: &str) -> serde_json::Value {
    let (report, run) = beside_witness(folder);
    assert_eq!(run.code, Some(4), "{run:?}");
    assert!(notices(&report).contains(&format!("{kind} {path}")), "expected {kind} {path} among {:?}", notices(&report));
    report
}

#[test]
fn alias_bomb() {
    let mut text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    incomplete(&Folder::new(&[("bomb.yaml", &text)]), "limit", "bomb.yaml");
}

#[test]
fn deep_yaml() {
    let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: deep}}\ndata: {}", "[".repeat(100_000));
    let (report, run) = beside_witness(&Folder::new(&[("deep.yaml", &text)]));
    assert_eq!(run.code, Some(4), "{report}");
}

#[test]
fn deep_block_yaml() {
    let mut text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\ndata:\n".to_owned();
    for level in 1..2_000 {
        text.push_str(&format!("{}a:\n", " ".repeat(level)));
    }
    let (report, run) = beside_witness(&Folder::new(&[("deep.yaml", &text)]));
    assert_eq!(run.code, Some(4), "{report}");
}

#[test]
fn deep_hcl() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{ a = ", "}"), ("\"${", "}\""), ("!", ""), ("-", ""), ("f(", ")")] {
        let text = format!("locals {{\n  x = {}1{}\n}}\nresource \"a\" \"b\" {{}}\n", open.repeat(100_000), close.repeat(100_000));
        let (report, run) = beside_witness(&Folder::new(&[("main.tf", &text)]));
        assert_eq!(run.code, Some(4), "{open}: {report}");
    }
    let blocks = format!("{}{}", "a {\n".repeat(100_000), "}\n".repeat(100_000));
    let (_, run) = beside_witness(&Folder::new(&[("main.tf", &blocks)]));
    assert_eq!(run.code, Some(4));
}

#[test]
fn deep_shell() {
    for (open, close) in [("(", ")"), ("$(", ")"), ("{ ", " ;}"), ("if ", " ; then :; fi"), ("`", "`"), ("${a:-", "}"), ("! ", "")] {
        let text = format!("FROM debian:12.7\nRUN {}true{}\nUSER root\n", open.repeat(20_000), close.repeat(20_000));
        let folder = Folder::new(&[("Dockerfile", &text)]);
        let (report, run) = beside_witness(&folder);
        assert!(matches!(run.code, Some(1 | 4)), "{open}: {:?}", run.code);
        assert!(fired(&report).contains(&"docker/user-root Dockerfile:3".to_owned()), "{open}: the rest of the file is judged: {report}");
    }
}

/// A heredoc has room for nesting beyond what BuildKit takes for one line.
#[test]
fn deep_shell_in_a_heredoc() {
    for (open, close) in [("(\n", ")\n"), ("{\n", "}\n"), ("if true; then\n", "fi\n"), ("while true; do\n", "done\n")] {
        let text = format!("FROM debian:12.7\nRUN <<EOF\n{}true\n{}EOF\nUSER root\n", open.repeat(100_000), close.repeat(100_000));
        let (report, run) = beside_witness(&Folder::new(&[("Dockerfile", &text)]));
        assert!(matches!(run.code, Some(1 | 4)), "{open}: {:?}", run.code);
        let last = text.lines().count();
        assert!(fired(&report).contains(&format!("docker/user-root Dockerfile:{last}")), "{open}: the rest of the file is judged");
    }
}

#[test]
fn deep_json() {
    let text = format!("{{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": {}", "{\"a\":".repeat(100_000));
    let (_, run) = beside_witness(&Folder::new(&[("deep.json", &text)]));
    assert_eq!(run.code, Some(4));
    let (_, run) = beside_witness(&Folder::new(&[("deep.tf.json", &format!("{{\"locals\": {}", "[".repeat(100_000)))]));
    assert_eq!(run.code, Some(4));
}

#[test]
fn huge_file() {
    let folder = Folder::new(&[]);
    let file = std::fs::File::create(folder.path().join("Dockerfile")).unwrap();
    file.set_len(100 * 1024 * 1024 + 1).unwrap();
    incomplete(&folder, "limit", "Dockerfile");
}

#[test]
fn invalid_utf8_names_the_line() {
    let folder = Folder::new(&[]);
    folder.write("Dockerfile", b"FROM debian:12.7\nRUN echo \xff\n");
    let report = incomplete(&folder, "parse", "Dockerfile");
    let notice = &report["notices"][0];
    assert_eq!(notice["range"]["start"]["line"], 2, "{notice}");
}

#[test]
fn nul_bytes() {
    for name in ["Dockerfile", "a.yaml", "main.tf", "compose.yaml"] {
        let folder = Folder::new(&[]);
        folder.write(name, b"FROM debian:12.7\nUSER \0\napiVersion: v1\nkind: Pod\nservices:\n  a: \0\n");
        let (_, run) = beside_witness(&folder);
        assert!(matches!(run.code, Some(1 | 4)), "{name}: {run:?}");
    }
}

#[test]
fn empty_files() {
    let folder = Folder::new(&[("a.yaml", ""), ("main.tf", ""), ("b.json", "")]);
    let (_, run) = beside_witness(&folder);
    assert_eq!(run.code, Some(1), "nothing to say about files that are empty and need not hold anything: {run:?}");
    incomplete(&Folder::new(&[("Dockerfile", "")]), "parse", "Dockerfile");
}

#[test]
fn line_of_a_megabyte() {
    let long = "x".repeat(1024 * 1024);
    for (name, text) in [
        ("Dockerfile", format!("FROM debian:12.7\nLABEL a={long}\n")),
        ("a.yaml", format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {long}}}\n")),
        ("main.tf", format!("locals {{\n  a = \"{long}\"\n}}\n")),
    ] {
        let folder = Folder::new(&[(name, &text)]);
        for format in ["full", "concise", "json", "sarif", "github"] {
            let run = folder.run(&["check", "--select", "ALL", "--format", format, "."]);
            assert!(matches!(run.code, Some(0 | 1 | 4)), "{name} {format}: {:?} {}", run.code, run.stderr);
            assert!(run.stdout.len() < 8 * 1024 * 1024, "{name} {format} prints {} bytes", run.stdout.len());
        }
    }
}

#[cfg(unix)]
#[test]
fn fifo_is_never_opened() {
    let folder = Folder::new(&[]);
    for name in ["Dockerfile", "a.yaml"] {
        std::process::Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap();
    }
    let (_, run) = beside_witness(&folder);
    assert!(matches!(run.code, Some(1 | 4)), "{run:?}");
    let named = folder.run(&["check", "Dockerfile"]);
    assert_eq!(named.code, Some(4), "{named:?}");
    assert!(named.stdout.contains("neither a regular file"), "{named:?}");
}

#[cfg(unix)]
#[test]
fn symlink_loop() {
    let folder = Folder::new(&[("a/main.tf", "")]);
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    std::os::unix::fs::symlink("loop.yaml", folder.path().join("loop.yaml")).unwrap();
    std::os::unix::fs::symlink("Dockerfile", folder.path().join("Dockerfile")).unwrap();
    let (_, run) = beside_witness(&folder);
    assert!(matches!(run.code, Some(1 | 4)), "{run:?}");
}

#[cfg(unix)]
#[test]
fn link_out_of_the_project_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.env"), "TOKEN=correct-horse\n").unwrap();
    let folder =
        Folder::new(&[("compose.yaml", "services:\n  a:\n    image: a:1.0.0\n    env_file: [link.env, ../../../../../../etc/passwd]\n")]);
    std::os::unix::fs::symlink(outside.path().join("secret.env"), folder.path().join("link.env")).unwrap();
    let (report, run) = beside_witness(&folder);
    assert!(!report.to_string().contains("correct-horse") && !report.to_string().contains("root:x"), "{run:?}");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = "FROM debian:12.7\nUSER \u{1b}[31mroot\nENV API_TOKEN=\u{7}abc::error::x\nWORKDIR a\u{1b}]0;x\u{7}\n";
    let folder = Folder::new(&[("Dockerfile", text)]);
    for format in ["full", "concise", "github"] {
        let run = folder.run(&["check", "--select", "ALL", "--format", format, "--color", "never", "."]);
        assert!(!run.stdout.contains(['\u{1b}', '\u{7}']), "{format}: {:?}", run.stdout);
    }
}

#[cfg(unix)]
#[test]
fn unreadable_file() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = Folder::new(&[("Dockerfile", WITNESS), ("witness/Dockerfile", WITNESS)]);
    let tools = tempfile::tempdir().unwrap();
    let binary = tools.path().join("plimsoll");
    std::fs::copy(env!("CARGO_BIN_EXE_plimsoll"), &binary).unwrap();
    let mode = |path: &std::path::Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    for path in [tools.path(), folder.path(), binary.as_path()] {
        mode(path, 0o755);
    }
    mode(&folder.path().join("Dockerfile"), 0o000);
    // Root reads everything, so it is somebody else who asks.
    let mut command = if std::fs::metadata(folder.path()).unwrap().uid() == 0 {
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&binary);
        command
    } else {
        std::process::Command::new(&binary)
    };
    let run = command.args(["check", "--format", "json", "--select", "docker/user-root", "."]).current_dir(folder.path()).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(4), "{report}");
    assert_eq!(fired(&report), ["docker/user-root witness/Dockerfile:2"]);
    assert!(report.to_string().contains("permission denied"), "{report}");
}
