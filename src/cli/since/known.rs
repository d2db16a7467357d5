//! What git said of a working tree, with the times of all that it was about.

use super::Listing;
use super::git::{self, Place};
use crate::cli::record::{self, Record};
use plimsoll_source::{Seen, Stamps, directories};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Moved paths beyond which git is asked about the whole tree.
const MANY: usize = 200;

/// An answer of git's, and what moved since.
pub(super) struct Known {
    base: String,
    listing: Listing,
    moved: Vec<(PathBuf, bool)>,
}

/// Where it is kept.
pub(super) fn file(cache: &Path, cwd: &Path, revision: &str) -> PathBuf {
    let words = [cwd.as_os_str().as_encoded_bytes(), revision.as_bytes(), env!("CARGO_PKG_VERSION").as_bytes()];
    cache.join("since").join(record::name(words.into_iter()))
}

/// Keeps an answer, if nothing moved while it was given. One that cannot be written costs time, not truth.
pub(super) fn keep(file: &Path, place: &Place, listing: &Listing, start: SystemTime, cache: &Path) {
    let mut seen = Seen::default();
    for directory in directories(&place.top) {
        seen.walk(directory);
    }
    for name in &listing.tracked {
        seen.look_at(place.top.join(name));
    }
    seen.look_at(place.index.clone());
    seen.above(&place.top);
    let Some(stamps) = seen.stamps(start, &[cache.to_owned()]) else { return };
    let names = |names: &[String]| names.join("\0").into_bytes();
    let parts =
        [place.base.clone().into_bytes(), stamps.to_bytes(), names(&listing.changed), names(&listing.untracked), names(&listing.tracked)];
    let _ = record::write(file, &parts);
}

impl Known {
    /// Reads an answer and looks what moved.
    pub(super) fn read(file: &Path) -> Option<Self> {
        let bytes = std::fs::read(file).ok()?;
        let mut record = Record::open(&bytes)?;
        let base = record.text()?.to_owned();
        let stamps = Stamps::from_bytes(record.part()?)?;
        let (sound, moved) = rayon::join(|| record.is_sound(), || stamps.moved());
        if !sound {
            return None;
        }
        let mut names = || Some(record.text()?.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>());
        let listing = Listing { changed: names()?, untracked: names()?, tracked: names()? };
        Some(Self { base, listing, moved })
    }

    /// The answer as git would give it now; `None` if it has to be asked again.
    pub(super) fn listing(self, place: &Place) -> Option<Listing> {
        let Self { base, mut listing, moved } = self;
        let ignores = |path: &Path| path.ends_with(".gitignore") || path.ends_with(".ignore") || path.ends_with("info/exclude");
        if base != place.base || moved.len() > MANY || moved.iter().any(|(path, _)| *path == place.index || ignores(path)) {
            return None;
        }
        let (directories, files): (Vec<_>, Vec<_>) = moved.into_iter().partition(|(_, directory)| *directory);
        for (path, _) in files {
            // Anything else that moved lies above the tree.
            let name = place.name(&path)?;
            if !listing.changed.contains(&name) {
                listing.changed.push(name);
            }
        }
        if !directories.is_empty() {
            let new = listing.new_names(place, directories.iter().map(|(path, _)| path.as_path()))?;
            listing.untracked.retain(|name| place.top.join(name).symlink_metadata().is_ok());
            listing.untracked.extend(git::untracked(place, &new)?);
        }
        Some(listing)
    }
}

impl Listing {
    /// Names in these directories that were not there before; `None` for too many.
    fn new_names<'d>(&self, place: &Place, directories: impl Iterator<Item = &'d Path>) -> Option<Vec<String>> {
        let known: HashSet<&str> = self
            .tracked
            .iter()
            .chain(&self.untracked)
            .flat_map(|name| std::iter::successors(Some(name.as_str()), |name| name.rsplit_once('/').map(|(above, _)| above)))
            .collect();
        let mut new = vec![];
        for directory in directories {
            for entry in std::fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok) {
                let name = place.name(&entry.path())?;
                if name != ".git" && !known.contains(name.as_str()) {
                    new.push(name);
                }
            }
        }
        (new.len() <= MANY).then_some(new)
    }
}
