//! `check --since REV`: what differs from the point where the working tree left a revision's history.
//!
//! Git says so, which asks the disk for every file and directory. With `--cache` its answer is kept with the times of all that it is about: the
//! next run asks for those, and git only about what moved.

mod git;
mod known;

use anyhow::bail;
use known::Known;
use plimsoll_engine::Since;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Names of a working tree, `/`-separated and relative to its top.
#[derive(Debug, Clone, Default)]
struct Listing {
    /// Tracked ones that differ from the base, or did when it was asked.
    changed: Vec<String>,
    untracked: Vec<String>,
    tracked: Vec<String>,
}

/// What differs between the working tree and the point where it left `revision`'s history.
pub(crate) fn read(revision: &str, cwd: &Path, cache: Option<&Path>) -> anyhow::Result<Since> {
    if revision.is_empty() || revision.starts_with('-') {
        bail!("`{revision}` is no revision; --since takes a branch, tag or commit, as in `--since origin/main`");
    }
    let start = SystemTime::now();
    let file = cache.map(|directory| known::file(&cwd.join(directory), cwd, revision));
    let (place, known) = rayon::join(|| git::place(revision, cwd), || file.as_deref().and_then(Known::read));
    let place = place?;
    let listing = if let Some(listing) = known.and_then(|known| known.listing(&place)) {
        listing
    } else {
        let listing = git::listing(&place)?;
        if let (Some(file), Some(cache)) = (&file, cache) {
            known::keep(file, &place, &listing, start, &cwd.join(cache));
        }
        listing
    };
    let Listing { changed, untracked, tracked } = listing;
    let mut before: BTreeMap<PathBuf, Option<Arc<[u8]>>> = untracked.iter().map(|name| (place.top.join(name), None)).collect();
    for (name, content) in changed.iter().zip(git::contents(&place, &changed)?) {
        before.insert(place.top.join(name), content);
    }
    let all = tracked.into_iter().chain(untracked).map(|name| place.top.join(name)).collect();
    // The working directory may be named through a link; paths are compared as the run words them.
    let physical = cwd.canonicalize().unwrap_or_else(|_| cwd.to_owned());
    Ok(if physical == cwd { Since { before, all } } else { reworded(Since { before, all }, &physical, cwd) })
}

fn reworded(since: Since, from: &Path, to: &Path) -> Since {
    let reword = |path: PathBuf| path.strip_prefix(from).map(|rest| to.join(rest)).unwrap_or(path);
    Since {
        before: since.before.into_iter().map(|(path, content)| (reword(path), content)).collect(),
        all: since.all.into_iter().map(reword).collect(),
    }
}
