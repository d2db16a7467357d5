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
use std::time::{Duration, SystemTime};

/// A directory of results, for one program and one project's settings.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    directory: PathBuf,
    settings: String,
    /// The day of the run, which matters where a waiver ends.
    today: String,
}

impl Cache {
    /// `settings` is everything besides files and the day that decides a verdict.
    pub(crate) fn new(directory: &Path, settings: &str, today: String) -> Self {
        let program = std::env::current_exe().ok().and_then(|path| path.metadata().ok());
        let program = program.map(|metadata| format!("{} {:?}", metadata.len(), metadata.modified().ok())).unwrap_or_default();
        Self { directory: directory.to_owned(), settings: hash(&[env!("CARGO_PKG_VERSION"), &program, settings]), today }
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
        if let Some(known) = read(&place, files, pods, &self.today) {
            keep(&place);
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
        if result.waivers.iter().any(|waiver| waiver.waived.until.is_some()) {
            seen.insert(("day", String::new()), self.today.clone());
        }
        // What ran into a limit may not next time.
        if result.keeps() {
            // A cache that cannot be written costs time, not truth.
            let _ = write(&place, &seen, &result);
        }
        result
    }
}

/// Marks an entry as used, so that [`prune`] leaves it: once a day is often enough.
pub fn keep(place: &Path) {
    // Not for reading: Windows changes the time of a file that is open for writing only.
    let Ok(file) = std::fs::OpenOptions::new().append(true).open(place) else { return };
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    if modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > DAY)) {
        let _ = file.set_modified(SystemTime::now());
    }
}

const DAY: Duration = Duration::from_hours(24);
/// What nobody used for so long is not needed: branches end.
const UNUSED: Duration = Duration::from_hours(24 * 30);
/// Its age says when a directory was looked through.
const PRUNED: &str = ".pruned";

/// Removes entries that no run used for thirty days, once a day. Only what is named as entries are is removed.
///
/// What cannot be removed stays; the next run tries again.
pub fn prune(directory: &Path) {
    let marker = directory.join(PRUNED);
    let age = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|modified| modified.elapsed().ok());
    if !directory.is_dir() || age(&marker).is_some_and(|age| age < DAY) || std::fs::write(&marker, "").is_err() {
        return;
    }
    let hexadecimal = |path: &Path, length: usize| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.len() == length && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let below = |path: &Path, length: usize| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| hexadecimal(path, length)).collect()
    };
    let remove = |entries: Vec<PathBuf>| {
        for entry in entries.iter().filter(|entry| age(entry).is_some_and(|age| age > UNUSED)) {
            let _ = std::fs::remove_file(entry);
        }
    };
    for folder in below(directory, 2) {
        remove(below(&folder, 62));
        // Only an empty one goes.
        let _ = std::fs::remove_dir(&folder);
    }
    remove(below(&directory.join(RECORDS), 64));
}

/// Where records of whole runs lie in the directory.
pub const RECORDS: &str = "runs";

fn read(place: &Path, files: &dyn Files, pods: &dyn Fn() -> String, today: &str) -> Option<Stored> {
    let text = std::fs::read_to_string(place).ok()?;
    let (sum, body) = text.split_once('\n')?;
    if sum != hash(&[body]) {
        return None;
    }
    let mut lines = body.splitn(2, '\n');
    let seen: Vec<(String, String, String)> = serde_json::from_str(lines.next()?).ok()?;
    let same = seen.iter().all(|(kind, path, before)| match kind.as_str() {
        "pods" => pods() == *before,
        "day" => today == before,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use plimsoll_finding::Waived;
    use plimsoll_formats::NoFiles;
    use plimsoll_verdict::Listed;

    /// Whether a result of one day is believed on the next.
    fn holds_overnight(until: Option<&str>) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let on = |day: &str| {
            let mut judged = false;
            Cache::new(folder.path(), "settings", day.to_owned()).get("job", &[], &NoFiles, &String::new, |_| {
                judged = true;
                let until = until.map(str::to_owned);
                let waived = Waived { by: "comment".to_owned(), at: None, reason: None, owner: None, until, ticket: None };
                (Stored { waivers: vec![Listed { waived, rules: "ALL".to_owned(), expired: false }], ..Stored::default() }, false)
            });
            judged
        };
        assert!(on("2026-11-25") && !on("2026-11-25"));
        !on("2026-11-26")
    }

    #[test]
    fn the_day_counts_where_a_waiver_ends() {
        assert!(holds_overnight(None));
        assert!(!holds_overnight(Some("2026-11-25")));
    }

    fn age(path: &Path, days: u32) {
        std::fs::OpenOptions::new().append(true).open(path).unwrap().set_modified(SystemTime::now() - DAY * days).unwrap();
    }

    #[test]
    fn what_nobody_used_for_a_month_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let entry = |name: &str, days: u64| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
            age(&path, days as u32);
            path
        };
        let old = [entry(&format!("ab/{}", "0".repeat(62)), 31), entry(&format!("runs/{}", "0".repeat(64)), 31)];
        let kept = [entry(&format!("cd/{}", "0".repeat(62)), 29), entry("ab/notes.txt", 400), entry("report.json", 400), entry("ef", 400)];
        prune(folder.path());
        assert!(old.iter().all(|path| !path.exists()) && kept.iter().all(|path| path.exists()));
        let later = entry(&format!("ab/{}", "1".repeat(62)), 31);
        prune(folder.path());
        assert!(later.exists(), "once a day");
        age(&folder.path().join(PRUNED), 2);
        prune(folder.path());
        assert!(!later.exists());
        prune(&folder.path().join("nowhere"));
    }

    #[test]
    fn what_is_used_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let run = || Cache::new(folder.path(), "", String::new()).get("job", &[], &NoFiles, &String::new, |_| (Stored::default(), false));
        run();
        let subfolder = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        let entry = std::fs::read_dir(subfolder).unwrap().next().unwrap().unwrap().path();
        age(&entry, 40);
        run();
        assert!(entry.metadata().unwrap().modified().unwrap().elapsed().unwrap() < DAY);
    }
}
