//! Values from the project's files of variables: `environment` without values, `env_file`, `label_file`, build arguments.

use crate::load::Loader;
use crate::template::{Lookup, TOO_LARGE, Variable, Variables};
use crate::text::Text;
use crate::tree::{Dir, Entry, Tree, Val};
use plimsoll_document::{Flags, OriginEntry, Role, Span};
use plimsoll_formats::{Budget, ProblemKind, ReadError};
use std::collections::HashMap;
use std::rc::Rc;

/// Completes every service. What an `include` was given for itself is not told apart here: names without values take the project's.
pub(crate) fn resolve(loader: &mut Loader<'_>, root: &mut Tree, variables: &Variables) {
    for section in ["services", "jobs"] {
        for entry in root.get_mut(section).and_then(Tree::as_map_mut).into_iter().flatten() {
            let service = &mut entry.value;
            if let Some(environment) = service.get_mut("environment") {
                named(environment, variables);
            }
            if let Some(args) = service.get_mut("build").and_then(|build| build.get_mut("args")) {
                named(args, variables);
            }
            env_files(loader, service, variables);
            label_files(loader, service);
        }
    }
}

/// Gives names without a value theirs, as far as the project knows it.
fn named(map: &mut Tree, variables: &Variables) {
    for entry in map.as_map_mut().into_iter().flatten() {
        if !matches!(entry.value.value, Val::Null) {
            continue;
        }
        let value = &mut entry.value;
        value.flags |= Flags::FROM_VARIABLE;
        let cause: Rc<str> = match variables.find(&entry.key) {
            Ok(Some(Variable { value: Ok(found), .. })) if !variables.budget().afford(found.len()) => TOO_LARGE.into(),
            Ok(Some(Variable { value: Ok(found), at, .. })) => {
                value.origin = vec![OriginEntry { role: Role::Decided, at: *at }];
                value.value = Val::Text(Text::implied(found.clone(), value.site));
                continue;
            }
            Ok(Some(Variable { value: Err(cause), .. })) => Rc::clone(cause),
            Ok(None) => format!("variable {} comes from outside the project", entry.key).into(),
            Err(cause) => cause,
        };
        value.value = Val::Unknown(cause);
    }
}

/// The project's variables win in a file's own expressions, then those of the service.
struct Service<'v> {
    project: &'v Variables,
    service: Variables,
}

impl Lookup for Service<'_> {
    fn find(&self, name: &str) -> Result<Option<&Variable>, Rc<str>> {
        match self.project.find(name) {
            Ok(None) => Ok(self.service.get(name)),
            found => found,
        }
    }

    fn budget(&self) -> &Budget {
        self.project.budget()
    }
}

fn env_files(loader: &mut Loader<'_>, service: &mut Tree, project: &Variables) {
    let Some(files) = service.get("env_file").and_then(Tree::as_list).cloned() else { return };
    let mut own = Variables::of(&loader.budget);
    for entry in service.get("environment").and_then(Tree::as_map).into_iter().flatten() {
        if let (Some(key), Some(value)) = (entry.key_span, entry.value.as_str()) {
            own.set(entry.key.clone(), Variable { value: Ok(value.to_owned()), key, at: entry.value.site });
        }
    }
    let lookup = Service { project, service: own };
    let mut found = Found::default();
    for file in &files {
        let Some(path) = file.get("path").and_then(Tree::as_str) else {
            found.open = true;
            continue;
        };
        let optional = matches!(file.get("required").map(|required| &required.value), Some(Val::Bool(false)));
        let format = file.get("format").and_then(Tree::as_str) == Some("raw");
        let mut variables = Variables::of(&loader.budget);
        match opened(loader, file.dir, path, "env-file", file.site, optional) {
            Some(source) if format => loader.raw_variables(source, &mut variables),
            Some(source) => loader.variables(source, &lookup, &mut variables),
            None => found.open |= !optional,
        }
        found.add(&variables);
    }
    found.write(service, "environment");
}

fn label_files(loader: &mut Loader<'_>, service: &mut Tree) {
    let Some(files) = service.get("label_file").and_then(Tree::as_list).cloned() else { return };
    let mut found = Found::default();
    for file in &files {
        let Some(path) = file.as_str() else {
            found.open = true;
            continue;
        };
        let mut variables = Variables::of(&loader.budget);
        match opened(loader, file.dir, path, "label-file", file.site, false) {
            Some(source) => loader.variables(source, &Variables::of(&loader.budget.clone()), &mut variables),
            None => found.open = true,
        }
        found.add(&variables);
    }
    found.write(service, "labels");
}

fn opened(loader: &mut Loader<'_>, dir: Dir, path: &str, role: &'static str, at: Span, optional: bool) -> Option<u32> {
    let error = match loader.named(dir, path) {
        Ok(file) => match loader.open(&file, role) {
            Ok(source) => return Some(source),
            Err(ReadError::Missing) if optional => return None,
            Err(error) => format!("cannot read {file}: {error}"),
        },
        Err(error) => error,
    };
    loader.problem(ProblemKind::File, at, error);
    None
}

/// What the files of one service say, the later file winning.
#[derive(Default)]
struct Found {
    variables: Vec<(String, Variable)>,
    at: HashMap<String, usize>,
    open: bool,
}

impl Found {
    fn add(&mut self, variables: &Variables) {
        self.open |= variables.open;
        let mut all = variables.sorted();
        all.sort_by_key(|(_, variable)| variable.key);
        for (name, variable) in all {
            // Names that begin with a digit are none to Compose.
            if name.is_empty() {
                continue;
            }
            if let Some(place) = self.at.get(name) {
                self.variables[*place].1 = variable.clone();
            } else {
                self.at.insert(name.clone(), self.variables.len());
                self.variables.push((name.clone(), variable.clone()));
            }
        }
    }

    /// Adds what the service itself does not set.
    fn write(self, service: &mut Tree, key: &str) {
        let dir = service.dir;
        if service.get(key).is_none_or(|map| matches!(map.value, Val::Null)) {
            let first = self.variables.first().map(|(_, variable)| variable.key);
            let end = Span::new(service.site.source, service.site.end, service.site.end);
            let site = first.map_or(end, |first| self.variables.iter().fold(first, |site, (_, variable)| site.to(variable.at)));
            if self.variables.is_empty() && !self.open {
                return;
            }
            service.take(key);
            if let Some(entries) = service.as_map_mut() {
                entries.push(Entry { key: key.to_owned(), key_span: None, value: Tree::new(Val::Map(vec![]), site, dir) });
            }
        }
        let Some(map) = service.get_mut(key) else { return };
        if self.open {
            map.flags |= Flags::OPEN;
        }
        let Val::Map(entries) = &mut map.value else { return };
        let written: std::collections::HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
        for (name, variable) in self.variables {
            if written.contains(&name) {
                continue;
            }
            let mut value = Tree::new(Val::Null, variable.at, dir);
            value.value = match variable.value {
                Ok(words) => Val::Text(Text::implied(words, variable.at)),
                Err(cause) => {
                    value.flags |= Flags::FROM_VARIABLE;
                    Val::Unknown(cause)
                }
            };
            entries.push(Entry::new(name, variable.key, value));
        }
    }
}
