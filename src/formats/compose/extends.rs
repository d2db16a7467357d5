//! `extends`: a service that starts from another one, of this file or another.

use crate::load::{FileResets, Loader, Scope};
use crate::merge::{self, Home};
use crate::path;
use crate::reset::{self, Resets};
use crate::spot::Spot;
use crate::text::Text;
use crate::tree::{Dir, Entry, Tree, Val};
use crate::{canonical, include};
use plimsoll_document::{Flags, Span};
use plimsoll_formats::ProblemKind;
use std::collections::HashMap;
use std::rc::Rc;

/// Chains of services that extend each other longer than this are refused.
const MAX_CHAIN: usize = 50;

/// The files that the services of one file extend.
struct Bases {
    files: Vec<BaseFile>,
    by_path: HashMap<String, usize>,
    resolved: HashMap<(usize, String), Tree>,
}

struct BaseFile {
    path: String,
    /// Services as written, long syntax.
    services: HashMap<String, Tree>,
    resets: FileResets,
}

impl Loader<'_> {
    /// Replaces every service of `model` that extends another one by the merged service.
    pub(crate) fn extend_all(&mut self, model: &mut Tree, path: &str, scope: Scope<'_>, resets: &Resets) {
        for section in ["services", "jobs"] {
            let Some(entries) = model.get_mut(section).and_then(Tree::as_map_mut) else { continue };
            if !entries.iter().any(|entry| entry.value.get("extends").is_some()) {
                continue;
            }
            let services = entries.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
            let own = BaseFile { path: path.to_owned(), services, resets: Rc::new(resets.clone()) };
            let mut bases = Bases { files: vec![own], by_path: HashMap::new(), resolved: HashMap::new() };
            for entry in entries {
                if entry.value.get("extends").is_some() {
                    entry.value = self.extended(&mut bases, 0, &entry.key, section, scope, &mut vec![]);
                }
            }
        }
    }

    fn extended(
        &mut self,
        bases: &mut Bases,
        file: usize,
        name: &str,
        section: &str,
        scope: Scope<'_>,
        chain: &mut Vec<(usize, String)>,
    ) -> Tree {
        let key = (file, name.to_owned());
        if let Some(done) = bases.resolved.get(&key) {
            return done.clone();
        }
        let Some(mut service) = bases.files[file].services.get(name).cloned() else {
            return Tree::new(Val::Unknown("there is no such service".into()), Span::default(), scope.dir);
        };
        let Some(extends) = service.take("extends") else { return service };
        let at = extends.value.site;
        let merged = self.base_of(bases, file, &extends.value, section, scope, chain, &key).and_then(|(mut base, inherited)| {
            if !self.afford(&base) {
                return Err(Some((ProblemKind::Limit, "the services extend each other into too many values".to_owned())));
            }
            reset::apply_below(&mut base, [section, name], &bases.files[file].resets);
            Ok((base, inherited))
        });
        let service = match merged {
            Ok((mut base, mut inherited)) => {
                let before = base.take("facts").and_then(|mut facts| facts.value.take("inherited"));
                if let (Some(before), Val::List(items)) = (before, &mut inherited.value)
                    && let Val::List(more) = before.value.value
                {
                    items.extend(more);
                }
                let mut merged = merge::merge(base, service, Spot::Service, Home::Later);
                let facts = Tree::new(Val::Map(vec![Entry::fact("inherited", inherited)]), at, scope.dir);
                if let Some(entries) = merged.as_map_mut() {
                    entries.push(Entry::fact("facts", facts));
                }
                merge::unify(&mut merged, Spot::Service, &self.dirs);
                merged
            }
            Err(cause) => {
                if let Some((kind, message)) = cause {
                    self.problem(kind, at, message);
                }
                if let Some(entries) = service.as_map_mut() {
                    entries.push(extends);
                }
                service.flags |= Flags::OPEN;
                service
            }
        };
        bases.resolved.insert(key, service.clone());
        service
    }

    /// The service that `extends` names, extended itself, and its name as a list of one.
    #[expect(clippy::too_many_arguments, reason = "the state of one recursion, of no use as a type of its own")]
    fn base_of(
        &mut self,
        bases: &mut Bases,
        file: usize,
        extends: &Tree,
        section: &str,
        scope: Scope<'_>,
        chain: &mut Vec<(usize, String)>,
        key: &(usize, String),
    ) -> Result<(Tree, Tree), Option<(ProblemKind, String)>> {
        if extends.as_map().is_none() && extends.is_unknown() {
            return Err(None);
        }
        let wanted = extends.get("service").ok_or_else(|| Some((ProblemKind::Syntax, "extends names no service".to_owned())))?;
        let wanted = wanted.as_str().ok_or(None)?.to_owned();
        let target = match extends.get("file") {
            None => file,
            Some(path) => {
                let written = path.as_str().ok_or(None)?;
                self.base_file(bases, path.dir, written, section, scope).map_err(|cause| Some((ProblemKind::File, cause)))?
            }
        };
        let label = if target == file { wanted.clone() } else { format!("{}#{wanted}", bases.files[target].path) };
        if !bases.files[target].services.contains_key(&wanted) {
            return Err(Some((ProblemKind::Syntax, format!("extends names a service that is not there: {label}"))));
        }
        if chain.len() >= MAX_CHAIN {
            return Err(Some((ProblemKind::Limit, "the chain of extended services is too long".to_owned())));
        }
        let ring = (target, wanted.clone()) == *key || chain.contains(&(target, wanted.clone()));
        if ring {
            return Err(Some((ProblemKind::Syntax, format!("the service extends itself through {label}"))));
        }
        chain.push(key.clone());
        let base = self.extended(bases, target, &wanted, section, scope, chain);
        chain.pop();
        let item = Tree::new(Val::Text(Text::implied(label, extends.site)), extends.site, scope.dir);
        Ok((base, Tree::new(Val::List(vec![item]), extends.site, scope.dir)))
    }

    fn base_file(&mut self, bases: &mut Bases, dir: Dir, written: &str, section: &str, scope: Scope<'_>) -> Result<usize, String> {
        if include::is_remote(written) {
            return Err(format!("{written} is not read: it is not a file of the project"));
        }
        let path = self.named(dir, written)?;
        if let Some(known) = bases.by_path.get(&path) {
            return Ok(*known);
        }
        let source = self.open(&path, "extends").map_err(|error| format!("cannot read {path}: {error}"))?;
        let dir = self.dir(path::directory(&path));
        let mut model: Option<Tree> = None;
        let mut all: Resets = vec![];
        for mut tree in self.documents(source, Scope { dir, variables: scope.variables }) {
            canonical::file(&mut tree, &mut self.problems, &mut self.ports);
            let resets = reset::collect(&mut tree);
            model = Some(match model.take() {
                None => tree,
                Some(mut base) => {
                    reset::apply(&mut base, &resets);
                    merge::merge(base, tree, Spot::Root, Home::Base)
                }
            });
            all.extend(resets);
        }
        let mut model = model.ok_or_else(|| format!("{path} is no Compose file"))?;
        merge::unify(&mut model, Spot::Root, &self.dirs);
        let services = match model.take(section).map(|entry| entry.value.value) {
            Some(Val::Map(entries)) => entries.into_iter().map(|entry| (entry.key, entry.value)).collect(),
            _ => HashMap::new(),
        };
        bases.files.push(BaseFile { path: path.clone(), services, resets: Rc::new(all) });
        bases.by_path.insert(path, bases.files.len() - 1);
        Ok(bases.files.len() - 1)
    }
}
