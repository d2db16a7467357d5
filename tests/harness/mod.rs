//! The real binary on folders as users have them.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder of a test's own, with a `plimsoll.toml` so that it is a project.
pub(crate) struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    /// A project with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap() };
        if !files.iter().any(|(name, _)| *name == "plimsoll.toml") {
            folder.write("plimsoll.toml", "");
        }
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    /// Writes a file, and the folders it needs.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs `plimsoll` in it.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    /// Runs `plimsoll` in it with something on standard input.
    pub(crate) fn run_with(&self, args: &[&str], stdin: &str) -> Run {
        run_in(self.path(), args, stdin)
    }

    /// `plimsoll check --format json` with these further arguments.
    pub(crate) fn check(&self, args: &[&str]) -> (serde_json::Value, Run) {
        let run = self.run(&[&["check", "--format", "json"], args].concat());
        let report = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        (report, run)
    }
}

/// Time after which a run counts as hanging. Far above what any takes, so that a busy machine does not fail a test.
const HANG: Duration = Duration::from_mins(2);

/// Runs the binary in a folder, killed when it hangs.
pub(crate) fn run_in(folder: &Path, args: &[&str], stdin: &str) -> Run {
    run_all(folder, args, stdin, &[])
}

/// Runs the binary in a folder with variables set.
pub(crate) fn run_with_env(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Run {
    run_all(folder, args, "", variables)
}

fn run_all(folder: &Path, args: &[&str], stdin: &str, variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLIMSOLL_") || name.contains("COLOR")) {
        command.env_remove(name);
    }
    command.env("PLIMSOLL_CACHE", folder.join(".cache"));
    command.envs(variables.iter().copied());
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), stdin.as_bytes()).ok();
    let pid = child.id();
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if receiver.recv_timeout(HANG) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            Command::new("kill").args(["-9", &pid.to_string()]).status().ok();
        }
    });
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    sender.send(()).ok();
    watch.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: status.code(), stdout: text(stdout), stderr: text(stderr), took: start.elapsed() }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// Exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

/// The rules that fired, each with path and line, in the order of the report.
pub(crate) fn fired(report: &serde_json::Value) -> Vec<String> {
    let line = |finding: &serde_json::Value| {
        format!("{} {}:{}", finding["rule"].as_str().unwrap(), finding["path"].as_str().unwrap(), finding["range"]["start"]["line"])
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

/// The kinds of the notices, with their paths.
pub(crate) fn notices(report: &serde_json::Value) -> Vec<String> {
    let text = |notice: &serde_json::Value| format!("{} {}", notice["kind"].as_str().unwrap(), notice["path"].as_str().unwrap_or(""));
    report["notices"].as_array().unwrap().iter().map(text).collect()
}
