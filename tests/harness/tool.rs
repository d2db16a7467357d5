//! Programs that tests need and that a script of ours finds or builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What `script` (from the top of the repository) says of where its programs are: built where `CI` is set, else `None` if they are not there
/// yet, which is said aloud.
pub(crate) fn tool(script: &str) -> Option<PathBuf> {
    let required = std::env::var_os("CI").is_some();
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(script));
    if !required {
        command.arg("--built");
    }
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    if output.status.success() {
        return Some(String::from_utf8(output.stdout).unwrap().trim().into());
    }
    assert!(!required, "{script} could not build what it is for");
    eprintln!("SKIPPED: run {script} once to have what this test needs");
    None
}
