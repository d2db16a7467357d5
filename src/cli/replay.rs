//! `check --cache`: what a run over an unchanged tree said is said again.
//!
//! Beside the results of single jobs the cache holds, for every command line, what the last such run looked at (with its times) and what it
//! said. While all of that stands as it did there is nothing to walk, read, judge or draw: a repository of any size costs a question per
//! file.

use super::args::Check;
use super::record::{self, Record};
use super::terminal::{self, Transcript};
use anyhow::Context;
use plimsoll_report::{Worded, times};
use plimsoll_source::{Seen, Stamps};
use plimsoll_verdict::Ending;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

/// Variables that decide what is said; those of our own do by their prefix.
const VARIABLES: [&str; 13] = [
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "FORCE_HYPERLINK",
    "CI",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "COLORTERM",
    "VTE_VERSION",
    "WT_SESSION",
    "DOMTERM",
    "KONSOLE_VERSION",
];
/// The record of one command line.
pub(crate) struct Replay {
    place: PathBuf,
    directory: PathBuf,
    /// Program and day: another of these makes another record, in the same place.
    of: Vec<u8>,
    cwd: PathBuf,
    baseline: Option<PathBuf>,
    start: SystemTime,
}

impl Replay {
    /// For runs that only read, and only what a later run can find unchanged.
    pub(crate) fn of(args: &Check, cwd: &Path) -> Option<Self> {
        let directory = cwd.join(args.cache.as_ref()?);
        let writes = args.fix || args.diff || args.update_baseline;
        if writes || args.stdin_filename.is_some() || args.since.is_some() || args.as_admission || args.cluster || args.show_files {
            return None;
        }
        let start = SystemTime::now();
        let mut variables: Vec<_> = std::env::vars_os()
            .filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("PLIMSOLL_") || VARIABLES.contains(&name)))
            .collect();
        variables.sort();
        let arguments: Vec<_> = std::env::args_os().skip(1).collect();
        let variables = variables.iter().flat_map(|(name, value)| [name, value]);
        let words = std::iter::once(cwd.as_os_str()).chain(variables.map(AsRef::as_ref)).chain(arguments.iter().map(AsRef::as_ref));
        let name = record::name(words.map(std::ffi::OsStr::as_encoded_bytes).chain([terminal::kinds().as_slice()]));
        let program = std::env::current_exe().ok()?.metadata().ok()?;
        let of = format!("{} {} {:?} {}", env!("CARGO_PKG_VERSION"), program.len(), program.modified().ok(), plimsoll_verdict::today());
        let place = directory.join(plimsoll_engine::RECORDS).join(name);
        let baseline = args.baseline.as_ref().map(|file| cwd.join(file));
        Some(Self { place, directory, of: of.into_bytes(), cwd: cwd.to_owned(), baseline, start })
    }

    /// Says again what was said, if nothing that it was about has changed.
    pub(crate) fn again(&self, start: Instant) -> anyhow::Result<Option<Ending>> {
        let bytes = std::fs::read(&self.place).unwrap_or_default();
        let Some(record) = self.read(&bytes) else { return Ok(None) };
        for (file, text) in &record.files {
            std::fs::write(file, text.at(start.elapsed().as_secs_f64())).with_context(|| format!("failed to write {}", file.display()))?;
        }
        plimsoll_engine::keep(&self.place);
        terminal::print(&record.out.at(start.elapsed().as_secs_f64()))?;
        if let Some(told) = record.told.strip_suffix('\n') {
            terminal::tell(told);
        }
        Ok(Some(record.ending))
    }

    /// Keeps what was said for the next run. A record that cannot be written costs time, not truth.
    pub(crate) fn keep(&self, seen: Option<Seen>, said: &Transcript, files: &[(PathBuf, String)], seconds: f64, ending: Ending) {
        let Some(mut seen) = seen else { return };
        if let Some(file) = &self.baseline {
            seen.look_at(file.clone());
        }
        // Nobody can make up a directory's time of change: a record without it was not written here.
        seen.look_at(self.cwd.clone());
        let own: Vec<PathBuf> = files.iter().map(|(file, _)| self.cwd.join(file)).chain([self.directory.clone()]).collect();
        let Some(stamps) = seen.stamps(self.start, &own) else { return };
        let mut parts: Vec<Vec<u8>> = vec![self.of.clone(), stamps.to_bytes(), vec![ending.exit_code()], said.told.clone().into_bytes()];
        parts.extend(Timed::parts(&said.out, seconds));
        for (file, text) in files {
            parts.push(file.as_os_str().as_encoded_bytes().to_vec());
            parts.extend(Timed::parts(text, seconds));
        }
        let _ = record::write(&self.place, &parts);
    }

    fn read<'b>(&self, bytes: &'b [u8]) -> Option<Said<'b>> {
        let mut record = Record::open(bytes)?;
        if record.part()? != self.of {
            return None;
        }
        let stamps = Stamps::from_bytes(record.part()?)?;
        // The hash takes as long as asking the disk does.
        let (sound, holds) = rayon::join(|| record.is_sound(), || stamps.are_about(&self.cwd) && stamps.hold());
        if !sound || !holds {
            return None;
        }
        let code = record.part()?;
        let ending = Ending::ALL.into_iter().find(|ending| code == [ending.exit_code()])?;
        let told = record.text()?;
        let out = Timed::read(record.part()?, record.text()?)?;
        let mut files = vec![];
        while let Some(file) = record.text() {
            files.push((PathBuf::from(file), Timed::read(record.part()?, record.text()?)?));
        }
        Some(Said { ending, told, out, files })
    }
}

/// What a run said, and how it ended.
struct Said<'b> {
    ending: Ending,
    told: &'b str,
    out: Timed<'b>,
    files: Vec<(PathBuf, Timed<'b>)>,
}

/// A text with the places where it says how long the run took.
struct Timed<'b> {
    text: &'b str,
    places: Vec<(std::ops::Range<usize>, Worded)>,
}

impl<'b> Timed<'b> {
    fn parts(text: &str, seconds: f64) -> [Vec<u8>; 2] {
        let number = |number: usize| (number as u64).to_le_bytes();
        let place = |(place, worded): (std::ops::Range<usize>, Worded)| [number(place.start), number(place.end), number(worded as usize)];
        let places = times(text, seconds).into_iter().flat_map(place).flatten().collect();
        [places, text.as_bytes().to_vec()]
    }

    fn read(places: &[u8], text: &'b str) -> Option<Self> {
        let number = |bytes: &[u8]| Some(u64::from_le_bytes(bytes.try_into().ok()?) as usize);
        let place = |place: &[u8]| {
            let range = number(place.get(..8)?)?..number(place.get(8..16)?)?;
            text.get(range.clone())?;
            Some((range, *Worded::ALL.get(number(place.get(16..)?)?)?))
        };
        Some(Self { text, places: places.chunks(24).map(place).collect::<Option<_>>()? })
    }

    fn at(&self, seconds: f64) -> String {
        let mut out = String::with_capacity(self.text.len() + 16);
        let mut from = 0;
        for (place, worded) in &self.places {
            out.push_str(self.text.get(from..place.start).unwrap_or_default());
            out.push_str(&worded.word(seconds));
            from = place.end;
        }
        out.push_str(&self.text[from..]);
        out
    }
}
