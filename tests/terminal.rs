//! What a terminal gets and a pipe does not: colours, links, a progress bar. `script` is the terminal.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::Folder;
use std::process::Command;

const LINK: &str = "\u{1b}]8;;https://plimsoll.dev/rules/docker/user-root\u{1b}\\docker/user-root\u{1b}]8;;\u{1b}\\";
const VARIABLES: [&str; 8] =
    ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK", "CI", "TERM_PROGRAM", "VTE_VERSION", "COLORTERM"];

/// What appears on a terminal of this kind.
fn shown(folder: &Folder, args: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new("script");
    command.args(["-qec", &format!("{} {args}", env!("CARGO_BIN_EXE_plimsoll")), "/dev/null"]).current_dir(folder.path());
    for name in VARIABLES {
        command.env_remove(name);
    }
    let run = command.envs(variables.iter().copied()).stdin(std::process::Stdio::null()).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}

fn project() -> Folder {
    Folder::new(&[("Dockerfile", "FROM debian:12.7\nUSER root\n")])
}

#[test]
fn links_only_where_they_are_shown() {
    let folder = project();
    for format in ["full", "concise"] {
        let args = format!("check --select docker/user-root --format {format}");
        let shown = |variables: &[(&str, &str)]| shown(&folder, &args, variables);
        assert!(shown(&[("TERM", "xterm-kitty")]).contains(LINK), "{format}: {:?}", shown(&[("TERM", "xterm-kitty")]));
        assert!(shown(&[("TERM", "xterm"), ("TERM_PROGRAM", "vscode")]).contains(LINK), "{format}");
        for plain in [
            &[("TERM", "xterm-256color")][..],
            &[("TERM", "xterm-kitty"), ("NO_COLOR", "1")],
            &[("TERM", "dumb"), ("TERM_PROGRAM", "vscode")],
            &[("TERM", "xterm-kitty"), ("FORCE_HYPERLINK", "0")],
        ] {
            assert!(!shown(plain).contains("\u{1b}]8"), "{format} {plain:?}");
        }
        let piped = |variables: &[(&str, &str)]| {
            harness::run_with_env(folder.path(), &["check", "--select", "docker/user-root", "--format", format], variables).stdout
        };
        assert!(!piped(&[("TERM", "xterm-kitty")]).contains('\u{1b}'), "{format}: a pipe gets text");
        assert!(piped(&[("FORCE_HYPERLINK", "1")]).contains(LINK), "{format}: but for who insists");
    }
}

#[test]
fn colours_where_they_work() {
    let folder = project();
    let coloured = |variables: &[(&str, &str)]| shown(&folder, "check --select docker/user-root", variables).contains("\u{1b}[");
    assert!(coloured(&[("TERM", "xterm")]));
    assert!(!coloured(&[("TERM", "xterm"), ("NO_COLOR", "1")]) && !coloured(&[("TERM", "dumb")]));
    assert!(coloured(&[("TERM", "dumb"), ("FORCE_COLOR", "1")]));
}

#[test]
fn progress_is_drawn_while_there_is_much_to_do() {
    let folder = project();
    for index in 0..600 {
        folder.write(&format!("s{index}/Dockerfile"), "FROM debian:12.7\nUSER app\n");
    }
    let drawn = |args: &str, variables: &[(&str, &str)]| shown(&folder, args, variables).contains("judged, ");
    assert!(drawn("check --jobs 1 --format concise", &[("TERM", "xterm")]));
    assert!(!drawn("check --jobs 1 --format concise --no-progress", &[("TERM", "xterm")]));
    assert!(!drawn("check --jobs 1 --format concise", &[("TERM", "xterm"), ("CI", "true")]));
    assert!(!drawn("check --jobs 1 --format concise", &[("TERM", "dumb")]));
}
