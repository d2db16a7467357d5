//! Results kept between runs: what a job read, and what came of it.
//!
//! An entry's name is a hash of everything that is known before judging: the program, the settings, the job and the content of its own files.
//! It lists what else the job looked at, with a hash of each answer, and counts only if every answer is still the same. Entries are written
//! whole under another name and moved into place, and carry a hash of their own: a damaged or half-written one is no entry.

use crate::stored::{self, Stored};
use plimsoll_formats::{Entry, Files, ReadError};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A directory of results, for one program and one project's settings.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    directory: PathBuf,
    settings: String,
}

impl Cache {
    /// `settings` is everything besides files that decides a verdict.
    pub(crate) fn new(directory: &Path, settings: &str) -> Self {
        let program = std::env::current_exe().ok().and_then(|path| path.metadata().ok());
        let program = program.map(|metadata| format!("{} {:?}", metadata.len(), metadata.modified().ok())).unwrap_or_default();
        Self { directory: directory.to_owned(), settings: hash(&[env!("CARGO_PKG_VERSION"), &program, settings]) }
    }

    /// Where the result of a job lies.
    fn place(&self, job: &str, own: &[String], files: &dyn Files) -> PathBuf {
        let contents: Vec<String> = own.iter().map(|path| answer(&Question::Read, path, files)).collect();
        let name = hash(&[&self.settings, job, &own.join("\0"), &contents.join("\0")]);
        self.directory.join(&name[..2]).join(&name[2..])
    }

    /// The result of a job, if it is known and would come out the same; else what `judge` says, kept for the next run if it may be.
    /// `judge` also says whether it asked what the project's pods are, which `pods` stands for.
    pub(crate) fn get(
        &self,
        job: &str,
        own: &[String],
        files: &dyn Files,
        pods: &dyn Fn() -> String,
        judge: impl FnOnce(&dyn Files) -> (Stored, bool),
    ) -> Stored {
        let place = self.place(job, own, files);
        if let Some(known) = read(&place, files, pods) {
            return known;
        }
        let recorder = Recorder { under: files, seen: Mutex::default() };
        let (result, asked_pods) = judge(&recorder);
        if asked_pods {
            recorder.note("pods", "", pods());
        }
        let mut seen = recorder.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Its own files are in the name already; reading them twice would be most of what a second run does.
        seen.retain(|(kind, path), _| *kind != "read" || !own.contains(path));
        // What ran into a limit may not next time.
        if result.keeps() {
            // A cache that cannot be written costs time, not truth.
            let _ = write(&place, &seen, &result);
        }
        result
    }
}

fn read(place: &Path, files: &dyn Files, pods: &dyn Fn() -> String) -> Option<Stored> {
    let text = std::fs::read_to_string(place).ok()?;
    let (sum, body) = text.split_once('\n')?;
    if sum != hash(&[body]) {
        return None;
    }
    let mut lines = body.splitn(2, '\n');
    let seen: Vec<(String, String, String)> = serde_json::from_str(lines.next()?).ok()?;
    let same = seen.iter().all(|(kind, path, before)| match kind.as_str() {
        "pods" => pods() == *before,
        kind => Question::of(kind).is_some_and(|question| answer(&question, path, files) == *before),
    });
    if same { stored::read(lines.next()?) } else { None }
}

fn write(place: &Path, seen: &BTreeMap<(&'static str, String), String>, result: &Stored) -> std::io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let seen: Vec<(&str, &str, &str)> = seen.iter().map(|((kind, path), answer)| (*kind, path.as_str(), answer.as_str())).collect();
    let body = format!("{}\n{}", serde_json::to_string(&seen)?, stored::write(result));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    write!(file, "{}\n{body}", hash(&[&body]))?;
    file.persist(place).map_err(|error| error.error)?;
    Ok(())
}

/// What can be asked of files.
enum Question {
    Read,
    List,
    IsFile,
}

impl Question {
    fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "read" => Self::Read,
            "list" => Self::List,
            "file" => Self::IsFile,
            _ => return None,
        })
    }
}

fn answer(question: &Question, path: &str, files: &dyn Files) -> String {
    match question {
        Question::Read => of_read(&files.read(path)),
        Question::List => of_list(files.list(path).as_ref()),
        Question::IsFile => files.is_file(path).to_string(),
    }
}

fn of_read(read: &Result<Arc<[u8]>, ReadError>) -> String {
    match read {
        Ok(bytes) => digest(bytes),
        Err(error) => format!("{error:?}"),
    }
}

fn of_list(entries: Option<&Vec<Entry>>) -> String {
    hash(&[&format!("{entries:?}")])
}

/// Files that remember what was asked.
struct Recorder<'a> {
    under: &'a dyn Files,
    seen: Mutex<BTreeMap<(&'static str, String), String>>,
}

impl Recorder<'_> {
    fn note(&self, kind: &'static str, path: &str, answer: String) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert((kind, path.to_owned()), answer);
    }
}

impl Files for Recorder<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let read = self.under.read(path);
        self.note("read", path, of_read(&read));
        read
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let entries = self.under.list(directory);
        self.note("list", directory, of_list(entries.as_ref()));
        entries
    }

    fn is_file(&self, path: &str) -> bool {
        let is = self.under.is_file(path);
        self.note("file", path, is.to_string());
        is
    }
}

/// A hash of texts, each apart from the next.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// A digest of bytes, in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
