//! Whose project a file belongs to.

use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The names of a configuration file, the first wins where both stand.
pub const CONFIG_NAMES: [&str; 2] = ["plimsoll.toml", ".plimsoll.toml"];

/// Where configuration comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ConfigLookup {
    /// The closest file above what is judged.
    #[default]
    Closest,
    /// `--config FILE`: this one for all.
    Fixed(PathBuf),
    /// `--isolated`: none.
    Isolated,
}

/// A project: its root and its configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Root {
    /// The directory that paths are relative to and that nothing named by the project leads out of.
    pub path: PathBuf,
    /// Its configuration file.
    pub config: Option<PathBuf>,
}

/// Finds project roots, remembering each directory, so that a walk asks the disk once per directory.
#[derive(Debug)]
pub struct Roots {
    lookup: ConfigLookup,
    /// By path. Paths here are normalised, and taken apart into components a hash costs ten times as much.
    seen: HashMap<OsString, Option<Root>>,
    /// What was asked ahead.
    marks: HashMap<OsString, Marks>,
}

/// What a directory says of projects.
#[derive(Debug)]
struct Marks {
    config: Option<PathBuf>,
    /// A worktree's or submodule's `.git` is a file.
    repository: bool,
}

fn config_in(directory: &Path) -> Option<PathBuf> {
    CONFIG_NAMES.iter().map(|name| directory.join(name)).find(|path| path.is_file())
}

impl Roots {
    /// Nothing seen yet.
    pub fn new(lookup: ConfigLookup) -> Self {
        Self { lookup, seen: HashMap::new(), marks: HashMap::new() }
    }

    /// Asks the disk, on all threads, what it will be asked for the projects of files in these directories.
    pub fn ask_ahead<'a>(&mut self, directories: impl Iterator<Item = &'a Path>) {
        let mut new: HashSet<&OsStr> = HashSet::new();
        for directory in directories {
            for ancestor in directory.ancestors() {
                if self.seen.contains_key(ancestor.as_os_str()) || !new.insert(ancestor.as_os_str()) {
                    break;
                }
            }
        }
        let closest = self.lookup == ConfigLookup::Closest;
        let marks = |directory: &&OsStr| {
            let path = Path::new(*directory);
            let config = if closest { config_in(path) } else { None };
            // A configuration says more.
            let repository = config.is_none() && path.join(".git").exists();
            ((*directory).to_owned(), Marks { config, repository })
        };
        let new: Vec<&OsStr> = new.into_iter().collect();
        self.marks.par_extend(new.par_iter().map(marks));
    }

    /// The project of what lies in `directory` (absolute): the closest directory with a configuration file, else the closest with a `.git`,
    /// else `fallback`.
    pub fn of(&mut self, directory: &Path, fallback: &Path) -> Root {
        if let Some(root) = self.climb(directory) {
            return root;
        }
        Root { path: fallback.to_owned(), config: self.fixed() }
    }

    fn fixed(&self) -> Option<PathBuf> {
        match &self.lookup {
            ConfigLookup::Fixed(path) => Some(path.clone()),
            _ => None,
        }
    }

    fn climb(&mut self, directory: &Path) -> Option<Root> {
        // Upwards without recursion: a path may have as many components as its author likes.
        let mut pending = Vec::new();
        let mut above = None;
        for ancestor in directory.ancestors() {
            if let Some(root) = self.seen.get(ancestor.as_os_str()) {
                above.clone_from(root);
                break;
            }
            pending.push(ancestor);
        }
        for ancestor in pending.into_iter().rev() {
            above = self.here(ancestor, above);
            self.seen.insert(ancestor.as_os_str().to_owned(), above.clone());
        }
        above
    }

    fn here(&mut self, directory: &Path, above: Option<Root>) -> Option<Root> {
        let ahead = self.marks.remove(directory.as_os_str());
        if self.lookup == ConfigLookup::Closest {
            let config = ahead.as_ref().map_or_else(|| config_in(directory), |marks| marks.config.clone());
            if config.is_some() {
                return Some(Root { path: directory.to_owned(), config });
            }
            if above.as_ref().is_some_and(|root| root.config.is_some()) {
                return above;
            }
        }
        let repository = ahead.map_or_else(|| directory.join(".git").exists(), |marks| marks.repository);
        if repository { Some(Root { path: directory.to_owned(), config: self.fixed() }) } else { above }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn closest_configuration_wins_over_repository() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path();
        std::fs::create_dir_all(top.join("repo/.git")).unwrap();
        std::fs::create_dir_all(top.join("repo/a/b/c")).unwrap();
        std::fs::write(top.join("repo/a/.plimsoll.toml"), "").unwrap();
        let mut roots = Roots::new(ConfigLookup::Closest);
        assert_eq!(roots.of(&top.join("repo/a/b/c"), top).path, top.join("repo/a"));
        assert_eq!(roots.of(&top.join("repo/a/b/c"), top).config, Some(top.join("repo/a/.plimsoll.toml")));
        assert_eq!(roots.of(&top.join("repo"), top), Root { path: top.join("repo"), config: None });
        std::fs::create_dir_all(top.join("repo/a/sub/.git")).unwrap();
        assert_eq!(roots.of(&top.join("repo/a/sub"), top).path, top.join("repo/a"));
    }

    #[test]
    fn isolated_and_fixed_look_for_repositories_only() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path();
        std::fs::create_dir_all(top.join("repo/.git")).unwrap();
        std::fs::write(top.join("repo/plimsoll.toml"), "").unwrap();
        assert_eq!(Roots::new(ConfigLookup::Isolated).of(&top.join("repo"), top), Root { path: top.join("repo"), config: None });
        let fixed = Roots::new(ConfigLookup::Fixed("/x.toml".into())).of(&top.join("repo"), top);
        assert_eq!(fixed, Root { path: top.join("repo"), config: Some("/x.toml".into()) });
    }
}
