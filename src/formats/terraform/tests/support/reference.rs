//! HashiCorp's own implementation, as a process.

#![allow(dead_code, clippy::unwrap_used, clippy::print_stderr, reason = "a failing unwrap is a failing test; a skipped test says so")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Builds the reference (or takes the one that `PLIMSOLL_REFERENCE` names) and asks it; `None` where Go is missing, which is an error under `CI`.
pub(crate) fn ask(subcommand: &str, cases: &[serde_json::Value]) -> Option<Vec<serde_json::Value>> {
    let binary = std::env::var_os("PLIMSOLL_REFERENCE").map_or_else(build, |path| Some(PathBuf::from(path)))?;
    let mut child = Command::new(binary).arg(subcommand).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(lines.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "the reference failed");
    let answers: Vec<_> = String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), cases.len());
    Some(answers)
}

fn build() -> Option<PathBuf> {
    // Tests of one binary run at once and would build it at once.
    static BUILT: std::sync::OnceLock<Option<PathBuf>> = std::sync::OnceLock::new();
    BUILT
        .get_or_init(|| {
            let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/reference");
            let binary = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference-hcl");
            match Command::new("go").args(["build", "-o"]).arg(&binary).arg(".").current_dir(&module).output() {
                Ok(output) if output.status.success() => Some(binary),
                Ok(output) => panic!("go build failed: {}", String::from_utf8_lossy(&output.stderr)),
                Err(error) => {
                    assert!(std::env::var_os("CI").is_none(), "Go is required under CI: {error}");
                    eprintln!("SKIPPED: Go is not installed, so nothing is compared with HashiCorp's HCL");
                    None
                }
            }
        })
        .clone()
}

/// Numbers from a seed, the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    pub(crate) fn of<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }
}
