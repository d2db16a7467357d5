//! `include`: other Compose files whose services and resources join the project.

use crate::load::{Loader, SECTIONS, Scope, leave_open};
use crate::merge::{self, Home};
use crate::path;
use crate::spot::Spot;
use crate::template::Variables;
use crate::tree::{Dir, Entry, Tree, Val};
use plimsoll_document::Span;
use plimsoll_formats::ProblemKind;

/// Files that include each other deeper are refused.
const MAX_INCLUDES: usize = 30;

/// One entry of `include`, all of it known.
struct Wanted {
    paths: Vec<String>,
    project_directory: Option<String>,
    env_files: Vec<String>,
    dir: Dir,
    at: Span,
}

impl Loader<'_> {
    /// Loads what `model` includes into it.
    pub(crate) fn include(&mut self, model: &mut Tree, path: &str, scope: Scope<'_>, including: &mut Vec<String>) {
        let Some(include) = model.get("include") else { return };
        let Some(items) = include.as_list() else {
            leave_open(model);
            return;
        };
        let wanted: Vec<Result<Wanted, Span>> = items.iter().map(|item| wanted(item).ok_or(item.site)).collect();
        for entry in wanted {
            including.push(path.to_owned());
            let imported = match entry {
                Err(at) => Err((at, None)),
                Ok(wanted) => self.included(&wanted, scope, including).map_err(|cause| (wanted.at, Some(cause))),
            };
            including.pop();
            match imported {
                Ok(imported) => import(model, imported),
                Err((at, cause)) => {
                    if let Some(cause) = cause {
                        self.problem(ProblemKind::File, at, cause);
                    }
                    leave_open(model);
                }
            }
        }
    }

    fn included(&mut self, wanted: &Wanted, scope: Scope<'_>, including: &mut Vec<String>) -> Result<Tree, String> {
        if let Some(remote) = wanted.paths.iter().find(|path| is_remote(path)) {
            return Err(format!("{remote} is not read: it is not a file of the project"));
        }
        let paths = wanted.paths.iter().map(|path| self.named(wanted.dir, path)).collect::<Result<Vec<_>, _>>()?;
        let Some(first) = paths.first() else { return Err("nothing is included".to_owned()) };
        if including.contains(first) || including.len() > MAX_INCLUDES {
            return Err(format!("{first} includes itself"));
        }
        let directory = match &wanted.project_directory {
            Some(written) => self.named(wanted.dir, written)?,
            None => path::directory(first).to_owned(),
        };
        let dir = self.dir(&directory);
        let mut variables = Variables::of(&self.budget);
        if wanted.env_files.is_empty() {
            variables = self.dotenv(&directory, scope.variables);
        }
        for written in wanted.env_files.iter().filter(|file| *file != "/dev/null") {
            let file = self.named(wanted.dir, written)?;
            match self.open(&file, "dotenv") {
                Ok(source) => self.variables(source, scope.variables, &mut variables),
                Err(error) => {
                    self.problem(ProblemKind::File, wanted.at, format!("cannot read {file}: {error}"));
                    variables.open = true;
                }
            }
        }
        let mut all = scope.variables.clone();
        all.add_missing(&variables);
        let files: Vec<_> = paths.into_iter().map(|path| (path, "include")).collect();
        Ok(self.model(&files, Scope { dir, variables: &all }, including))
    }
}

fn wanted(item: &Tree) -> Option<Wanted> {
    let texts = |key: &str| -> Option<Vec<String>> {
        let Some(value) = item.get(key) else { return Some(vec![]) };
        value.as_list()?.iter().map(|path| path.as_str().map(str::to_owned)).collect()
    };
    let project_directory = match item.get("project_directory") {
        Some(directory) => Some(directory.as_str()?.to_owned()),
        None => None,
    };
    let dir = item.get("path")?.dir;
    Some(Wanted { paths: texts("path")?, project_directory, env_files: texts("env_file")?, dir, at: item.site })
}

/// Whether a path names something outside the file system, which Compose would fetch.
pub(crate) fn is_remote(path: &str) -> bool {
    ["http://", "https://", "git://", "ssh://", "oci://", "git@", "github.com/"].iter().any(|prefix| path.starts_with(prefix))
}

fn import(model: &mut Tree, mut imported: Tree) {
    let open = imported.flags & plimsoll_document::Flags::OPEN;
    model.flags |= open;
    for section in SECTIONS {
        let Some(mut from) = imported.take(section) else { continue };
        let Some(entries) = model.as_map_mut() else { return };
        let Some(to) = entries.iter_mut().find(|entry| entry.key == section) else {
            entries.push(from);
            continue;
        };
        to.value.flags |= from.value.flags & plimsoll_document::Flags::OPEN;
        let spot = if matches!(section, "services" | "jobs") { Spot::Services } else { Spot::Root.below(section) };
        match (&mut from.value.value, &mut to.value.value) {
            (Val::Map(from), Val::Map(to)) => join(std::mem::take(from), to, spot),
            (_, Val::Map(_)) => {}
            (_, local) => *local = from.value.value,
        }
    }
}

fn join(from: Vec<Entry>, to: &mut Vec<Entry>, spot: Spot) {
    let mut at: std::collections::HashMap<String, usize> = to.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    for entry in from {
        let Some(place) = at.get(&entry.key).copied() else {
            at.insert(entry.key.clone(), to.len());
            to.push(entry);
            continue;
        };
        let digest = entry.value.digest();
        if digest.is_some() && digest == to[place].value.digest() {
            continue;
        }
        let local = std::mem::replace(&mut to[place].value, Tree::new(Val::Null, entry.value.site, entry.value.dir));
        to[place].value = merge::merge(entry.value, local, spot.below(&entry.key), Home::Later);
    }
}
