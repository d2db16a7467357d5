//! The reference implementations (the Go program beside this file) as a process, for every crate whose tests ask them.
//!
//! Each includes this file as a module of its tests: a crate of its own would have to be built for it.

use std::fmt::{Debug, Display};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::sync::OnceLock;

/// Asks a subcommand: a line of JSON per case, and as many answers. Builds the program, or takes the one that `PLIMSOLL_REFERENCE` names; `None`
/// where Go is missing, which is an error where `CI` is set.
#[allow(clippy::unwrap_used, reason = "a test that cannot ask has failed")]
pub(crate) fn ask<C: Display, A: FromStr<Err: Debug>>(subcommand: &str, cases: &[C]) -> Option<Vec<A>> {
    // Tests of one binary run at once, and would build it at once.
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| std::env::var_os("PLIMSOLL_REFERENCE").map_or_else(build, |path| Some(path.into()))).as_ref()?;
    let folder = module();
    let mut child = Command::new(program).arg(subcommand).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "the reference failed");
    let answers: Vec<A> = String::from_utf8(output.stdout).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(answers.len(), cases.len());
    Some(answers)
}

/// The Go module, from whichever crate asks.
#[allow(clippy::unwrap_used, reason = "the folder is part of the repository")]
fn module() -> PathBuf {
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("tests/reference"));
    above.find(|folder| folder.join("go.mod").is_file()).unwrap()
}

#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn build() -> Option<PathBuf> {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference");
    match Command::new("go").args(["build", "-o"]).arg(&program).arg(".").current_dir(module()).output() {
        Ok(output) if output.status.success() => Some(program),
        Ok(output) => panic!("go build failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "the gate needs Go for the reference implementations: {error}");
            eprintln!("SKIPPED: Go cannot be run ({error}), so nothing is compared with the reference implementations");
            None
        }
    }
}
