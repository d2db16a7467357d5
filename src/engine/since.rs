//! What a change touched: the tree before it, and the files that depend on what is different.

use crate::manifests::read;
use plimsoll_formats::{Entry, Files, ReadError};
use plimsoll_source::{Candidate, FileKind, kind_by_content, kind_by_name, normalise};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A change: what the files it touched were before.
#[derive(Debug, Clone, Default)]
pub struct Since {
    /// Absolute paths of everything that differs, with its content before; `None` for what was not there.
    pub before: BTreeMap<PathBuf, Option<Arc<[u8]>>>,
    /// Absolute paths of the repository's files, among which those that depend on the change are looked for.
    pub all: Vec<PathBuf>,
}

/// Bytes of a file in which other files' names are looked for.
const MAX_SCANNED: u64 = 1024 * 1024;

impl Since {
    /// What is to be judged: what the change touched and is still there, and what depends on it.
    ///
    /// A Compose file depends on what it names (Dockerfiles, env files, extended files) and on overrides and `.env` beside it; a Dockerfile on
    /// its `.dockerignore` and on what comes and goes in its context; a Terraform module on its directory and on the modules it calls; a
    /// Kubernetes Service on what makes the pods it selects.
    /// More than that may be given: what turns out to be as it was before is not reported.
    pub fn affected(&self) -> Vec<PathBuf> {
        let mut affected: BTreeSet<PathBuf> = self.before.keys().filter(|path| path.is_file()).cloned().collect();
        let directories: BTreeSet<&Path> = self.before.keys().flat_map(|path| path.ancestors().skip(1)).collect();
        let parents: BTreeSet<&Path> = self.before.keys().filter_map(|path| path.parent()).collect();
        let come_or_gone =
            |path: &Path| self.before.iter().any(|(changed, before)| changed.starts_with(path) && (before.is_none() || !changed.exists()));
        let ignores =
            |path: &Path| self.before.keys().any(|changed| changed.parent() == Some(path) && name(changed).ends_with(".dockerignore"));
        let mut calls: Vec<(PathBuf, PathBuf)> = vec![];
        let terraform = self.before.keys().any(|path| is_terraform(path));
        let labels = self.labels();
        // Every Compose file is read for this, so on all cores.
        let is_compose = |path: &&PathBuf| kind_by_name(&name(path)) == Candidate::Is(FileKind::Compose);
        let naming: HashSet<&PathBuf> = self.all.par_iter().filter(is_compose).filter(|path| self.is_named_in(path)).collect();
        // What git still lists may be gone from the disk.
        for path in self.all.iter().filter(|path| !self.before.contains_key(*path) || path.is_file()) {
            let Some(folder) = path.parent() else { continue };
            match kind_by_name(&name(path)) {
                Candidate::Is(FileKind::Dockerfile) if directories.contains(folder) && (come_or_gone(folder) || ignores(folder)) => {
                    affected.insert(path.clone());
                }
                Candidate::Is(FileKind::Terraform | FileKind::TerraformVars) => {
                    // `file()` and `templatefile()` read what lies below the module.
                    if directories.contains(folder)
                        && (parents.contains(folder)
                            || self.before.keys().any(|changed| !is_terraform(changed) && changed.starts_with(folder)))
                    {
                        affected.insert(path.clone());
                    }
                    if terraform {
                        calls.extend(called(path, folder).map(|called| (path.clone(), called)));
                    }
                }
                Candidate::Yaml | Candidate::Json if !labels.is_empty() && selects(path, &labels) => {
                    affected.insert(path.clone());
                }
                Candidate::Is(FileKind::Compose) if directories.contains(folder) || naming.contains(path) => {
                    affected.insert(path.clone());
                }
                _ => {}
            }
        }
        self.follow(&calls, &mut affected);
        affected.into_iter().collect()
    }

    /// Modules that call a module that the change touched, and those that call them.
    fn follow(&self, calls: &[(PathBuf, PathBuf)], affected: &mut BTreeSet<PathBuf>) {
        let mut touched: BTreeSet<PathBuf> =
            self.before.keys().filter(|path| is_terraform(path)).filter_map(|path| path.parent().map(Path::to_owned)).collect();
        loop {
            let more: Vec<&(PathBuf, PathBuf)> =
                calls.iter().filter(|(caller, called)| touched.contains(called) && !affected.contains(caller)).collect();
            if more.is_empty() {
                return;
            }
            for (caller, _) in more {
                touched.extend(caller.parent().map(Path::to_owned));
                affected.insert(caller.clone());
            }
        }
    }

    /// Values of the labels that changed manifests' pods have, or had.
    fn labels(&self) -> BTreeSet<String> {
        let manifests = self.before.iter().filter(|(path, _)| matches!(kind_by_name(&name(path)), Candidate::Yaml | Candidate::Json));
        let texts = manifests.flat_map(|(path, before)| {
            let now = plimsoll_source::read_regular(path, MAX_SCANNED).ok().map(Into::into);
            [before.clone(), now].into_iter().flatten()
        });
        texts.flat_map(|text: Arc<[u8]>| read("", &text).values().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// Whether a Compose file names something that changed, or the folder it lies in.
    fn is_named_in(&self, path: &Path) -> bool {
        let Some(text) = text_of(path) else { return false };
        self.before.keys().any(|changed| {
            let folder = changed.parent().map(name).unwrap_or_default();
            [name(changed), folder].iter().any(|word| word.len() > 1 && text.contains(word.as_str()))
        })
    }

    /// Files below a project's root that were there before, with their kind: what was renamed or removed is judged where it was.
    pub(crate) fn removed(&self, root: &Path) -> Vec<(String, FileKind)> {
        let gone = self.before.iter().filter(|(path, _)| !path.is_file());
        gone.filter_map(|(path, before)| {
            let relative = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            let kind = match kind_by_name(&name(path)) {
                Candidate::Is(kind) => kind,
                Candidate::Yaml | Candidate::Json => kind_by_content(before.as_ref()?),
                Candidate::Other => return None,
            };
            (kind != FileKind::Unknown).then_some((relative, kind))
        })
        .collect()
    }
}

/// A project's files as they were before a change.
pub(crate) struct Before<'a> {
    pub(crate) under: &'a dyn Files,
    pub(crate) root: &'a Path,
    pub(crate) since: &'a Since,
}

impl Before<'_> {
    fn changed(&self, path: &str) -> Option<&Option<Arc<[u8]>>> {
        self.since.before.get(&normalise(&self.root.join(path)))
    }
}

impl Files for Before<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.changed(path).map_or_else(|| self.under.read(path), |before| before.clone().ok_or(ReadError::Missing))
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let folder = normalise(&self.root.join(directory));
        let under = self.under.list(directory);
        let existed = under.is_some();
        let mut entries: BTreeMap<String, bool> =
            under.unwrap_or_default().into_iter().map(|entry| (entry.name, entry.directory)).collect();
        for (path, before) in self.since.before.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder)) {
            let Ok(rest) = path.strip_prefix(&folder) else { continue };
            let mut parts = rest.iter();
            let Some(first) = parts.next().and_then(|part| part.to_str()) else { continue };
            match (before, parts.next().is_some()) {
                (Some(_), directory) => _ = entries.insert(first.to_owned(), directory),
                (None, false) => _ = entries.remove(first),
                (None, true) => {}
            }
        }
        (existed || !entries.is_empty()).then(|| entries.into_iter().map(|(name, directory)| Entry { name, directory }).collect())
    }

    fn is_file(&self, path: &str) -> bool {
        self.changed(path).map_or_else(|| self.under.is_file(path), Option::is_some)
    }
}

/// Whether a file may hold a Service that selects a pod with one of these labels.
fn selects(path: &Path, labels: &BTreeSet<String>) -> bool {
    let Some(text) = text_of(path).filter(|text| text.contains("Service") && text.contains("selector")) else { return false };
    labels.iter().any(|label| text.contains(label.as_str()))
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn is_terraform(path: &Path) -> bool {
    matches!(kind_by_name(&name(path)), Candidate::Is(FileKind::Terraform | FileKind::TerraformVars))
}

fn text_of(path: &Path) -> Option<String> {
    let bytes = plimsoll_source::read_regular(path, MAX_SCANNED).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The folders of the local modules that a Terraform file calls: every `source` that starts with a dot.
fn called(path: &Path, folder: &Path) -> impl Iterator<Item = PathBuf> {
    let text = text_of(path).unwrap_or_default();
    let sources: Vec<PathBuf> = text
        .match_indices("source")
        .filter_map(|(at, word)| {
            let rest =
                text[at + word.len()..].trim_start_matches(['"', ' ', '\t']).strip_prefix(['=', ':'])?.trim_start().strip_prefix('"')?;
            let source = &rest[..rest.find('"')?];
            source.starts_with('.').then(|| normalise(&folder.join(source)))
        })
        .collect();
    sources.into_iter()
}
