//! A folder as files, and the reference implementation as a process.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use plimsoll_document::KeyTable;
use plimsoll_formats::{Entry, Files, Parsed, ReadError};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// The files below a folder.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let path = self.0.join(path);
        if path.is_dir() {
            return Err(ReadError::NotRegular);
        }
        std::fs::read(path).map(Into::into).map_err(|_| ReadError::Missing)
    }

    fn list(&self, _: &str) -> Option<Vec<Entry>> {
        None
    }
}

/// Files in memory.
#[derive(Default, Clone, Debug)]
pub(crate) struct Texts(pub(crate) BTreeMap<String, String>);

impl Texts {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// Writes them below a folder.
    pub(crate) fn write(&self, folder: &Path) {
        for (path, text) in &self.0 {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.0.get(path).map(|text| text.as_bytes().into()).ok_or(ReadError::Missing)
    }

    fn list(&self, _: &str) -> Option<Vec<Entry>> {
        None
    }
}

pub(crate) fn parse(path: &str, files: &dyn Files) -> Parsed {
    let keys = KeyTable::new();
    plimsoll_compose::parse(&plimsoll_compose::Input { path, keys: &keys, files })
}

/// Builds the reference (or takes the one that `PLIMSOLL_REFERENCE` names) and asks it; `None` where Go is missing, which is an error under `CI`.
pub(crate) fn ask(subcommand: &str, cases: &[serde_json::Value]) -> Option<Vec<serde_json::Value>> {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/reference");
    let binary = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference");
    let given = std::env::var_os("PLIMSOLL_REFERENCE").map(PathBuf::from);
    let built = if given.is_some() {
        Command::new("true").output()
    } else {
        Command::new("go").args(["build", "-o"]).arg(&binary).arg(".").current_dir(&module).output()
    };
    let binary = given.unwrap_or(binary);
    match built {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("go build failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "Go is required under CI: {error}");
            eprintln!("SKIPPED: Go is not installed, so nothing is compared with compose-go");
            return None;
        }
    }
    let mut child = Command::new(binary).arg(subcommand).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines = cases.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
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

/// The corpus, if it is there.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if folder.is_dir() {
        return Some(folder.canonicalize().unwrap());
    }
    eprintln!("SKIPPED: the corpus is not here");
    None
}
