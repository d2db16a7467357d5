//! A folder of rules.

use crate::{Rule, RuleError};
use std::fs;
use std::path::Path;

/// Every rule of a folder, by id.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    /// The rules, sorted by id.
    pub rules: Vec<Rule>,
    /// What is wrong with those that could not be read.
    pub errors: Vec<RuleError>,
}

/// Our own targets, which are folders of `rules/`.
const TARGETS: [&str; 4] = ["docker", "compose", "kubernetes", "terraform"];

impl Rulebook {
    /// Reads `dir/<namespace>/<name>.md`. In a folder named like a target, that is the rules' target; in any other their front matter says it.
    pub fn load(dir: &Path) -> Self {
        let mut book = Self::default();
        for folder in listed(dir, &mut book.errors) {
            let namespace = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if folder.is_dir() && namespace != "frameworks" {
                let target = TARGETS.into_iter().find(|target| *target == namespace);
                book.read_folder(&folder, target);
            }
        }
        book.rules.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
        book
    }

    /// Reads the rules of one namespace's folder.
    pub fn load_namespace(dir: &Path, target: Option<&str>) -> Self {
        let mut book = Self::default();
        book.read_folder(dir, target);
        book.rules.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
        book
    }

    fn read_folder(&mut self, dir: &Path, target: Option<&str>) {
        for path in listed(dir, &mut self.errors) {
            if path.extension().is_none_or(|extension| extension != "md") || path.file_name().is_some_and(|name| name == "README.md") {
                continue;
            }
            let name = path.to_string_lossy().replace('\\', "/");
            match fs::read_to_string(&path) {
                Err(error) => self.errors.push(RuleError::new(&name, 0, format!("cannot be read: {error}"))),
                Ok(text) => match Rule::parse(&name, target, &text) {
                    Ok(rule) => self.rules.push(rule),
                    Err(errors) => self.errors.extend(errors),
                },
            }
        }
    }

    /// The rule with an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| (*rule.meta.id).cmp(id)).ok().map(|at| &self.rules[at])
    }
}

fn listed(dir: &Path, errors: &mut Vec<RuleError>) -> Vec<std::path::PathBuf> {
    match fs::read_dir(dir) {
        Ok(entries) => {
            let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
            paths.sort();
            paths
        }
        Err(error) => {
            errors.push(RuleError::new(&dir.to_string_lossy(), 0, format!("cannot be listed: {error}")));
            vec![]
        }
    }
}
