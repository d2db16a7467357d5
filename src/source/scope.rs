//! Which of a project's files are looked at: `[files]` of its configuration.

use crate::{DiskFiles, FileKind};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::fmt;

/// `[files]` of one project, compiled. Globs are relative to the project root; one without a slash matches at any depth, and one that names
/// a directory covers what lies in it, as in `.gitignore`.
#[derive(Debug, Clone)]
pub struct Scope {
    include: Option<GlobSet>,
    exclude: GlobSet,
    kinds: Vec<(GlobSet, FileKind)>,
    /// Largest file in bytes.
    pub max_size: u64,
}

/// A glob that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeError {
    /// The glob as written.
    pub glob: String,
    /// What is wrong with it.
    pub cause: String,
}

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad glob `{}`: {}", self.glob, self.cause)
    }
}

impl std::error::Error for ScopeError {}

impl Default for Scope {
    fn default() -> Self {
        Self { include: None, exclude: GlobSet::empty(), kinds: Vec::new(), max_size: DiskFiles::DEFAULT_LIMIT }
    }
}

impl Scope {
    /// Compiles `include` (empty: everything), `exclude` and `kinds` (glob, kind).
    pub fn new(include: &[String], exclude: &[String], kinds: &[(String, FileKind)], max_size: Option<u64>) -> Result<Self, ScopeError> {
        Ok(Self {
            include: if include.is_empty() { None } else { Some(globs(include.iter())?) },
            exclude: globs(exclude.iter())?,
            kinds: kinds.iter().map(|(glob, kind)| Ok((globs(std::iter::once(glob))?, *kind))).collect::<Result<_, _>>()?,
            max_size: max_size.unwrap_or(DiskFiles::DEFAULT_LIMIT),
        })
    }

    /// Whether `exclude` names the file: then it is left out even when it stands on the command line.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.is_match(path)
    }

    /// Whether a walk takes the file.
    pub fn takes(&self, path: &str) -> bool {
        !self.excludes(path) && self.include.as_ref().is_none_or(|include| include.is_match(path))
    }

    /// The kind that the configuration gives the file.
    pub fn kind(&self, path: &str) -> Option<FileKind> {
        self.kinds.iter().find(|(globs, _)| globs.is_match(path)).map(|(_, kind)| *kind)
    }

    /// Whether the configuration gives kinds to names that would not be looked at otherwise.
    pub fn names_kinds(&self) -> bool {
        !self.kinds.is_empty()
    }
}

/// Globs over paths of a project, with the reach that [`Scope`] gives them.
#[derive(Debug, Clone)]
pub struct PathGlobs(GlobSet);

impl PathGlobs {
    /// Compiles the globs.
    pub fn new(texts: &[String]) -> Result<Self, ScopeError> {
        globs(texts.iter()).map(Self)
    }

    /// Whether one of them names the file, or a folder that holds it.
    pub fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

fn globs<'a>(texts: impl Iterator<Item = &'a String>) -> Result<GlobSet, ScopeError> {
    let mut set = GlobSetBuilder::new();
    for text in texts {
        let error = |error: globset::Error| ScopeError { glob: text.clone(), cause: error.kind().to_string() };
        let anchored = text.trim_start_matches("./").trim_end_matches('/');
        let bare = anchored.trim_start_matches('/');
        let glob = if anchored.contains('/') { bare.to_owned() } else { format!("**/{bare}") };
        for form in [format!("{glob}/**"), glob] {
            set.add(GlobBuilder::new(&form).literal_separator(true).build().map_err(error)?);
        }
    }
    set.build().map_err(|error| ScopeError { glob: error.glob().unwrap_or_default().to_owned(), cause: error.kind().to_string() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn scope(include: &[&str], exclude: &[&str]) -> Scope {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Scope::new(&owned(include), &owned(exclude), &[], None).unwrap()
    }

    #[test]
    fn globs_reach_as_in_gitignore() {
        let scope = scope(&[], &["testdata", "/only-here", "deploy/*.yaml", "vendor/"]);
        assert!(scope.excludes("a/testdata/Dockerfile"));
        assert!(scope.excludes("only-here/x") && !scope.excludes("a/only-here/x"));
        assert!(scope.excludes("deploy/a.yaml") && !scope.excludes("deploy/b/a.yaml"));
        assert!(scope.excludes("vendor/m/main.tf"));
        assert!(!scope.excludes("Dockerfile"));
    }

    #[test]
    fn include_narrows_and_exclude_wins() {
        let scope = scope(&["*.tf"], &["x.tf"]);
        assert!(scope.takes("a/main.tf") && !scope.takes("Dockerfile") && !scope.takes("a/x.tf"));
    }

    #[test]
    fn bad_glob_is_named() {
        let error = Scope::new(&[], &["a[".into()], &[], None).unwrap_err();
        assert_eq!(error.glob, "a[");
    }
}
