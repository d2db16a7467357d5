//! All layers of a run's settings for one project, and what they come to.

use crate::layer::{CentralWaiver, Layer, Lock, Override, PluginSetting};
use crate::{Origin, Problem, Sourced};
use plimsoll_finding::Severity;
use serde_json::{Map, Value};

/// Settings, lowest layer first; the command line's goes on top with [`Config::with`].
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Config {
    /// Layers, lowest first.
    pub layers: Vec<Layer>,
    /// What was wrong, in order of files and places.
    pub problems: Vec<Problem>,
    /// What an organisation's configuration locks.
    pub lock: Option<Lock>,
}

impl Config {
    /// Puts a layer (the command line) on top.
    #[must_use]
    pub fn with(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }

    /// Whether the run cannot go on with this.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.error)
    }

    /// The highest layer's answer.
    fn top<T>(&self, get: impl Fn(&Layer) -> Option<T>) -> Option<T> {
        self.layers.iter().rev().find_map(get)
    }

    /// Severity from which findings fail the run.
    pub fn fail_on(&self) -> Sourced<Severity> {
        let own = self.top(|layer| layer.fail_on.clone()).unwrap_or_else(|| Sourced::new(Severity::Low, Origin::Default));
        match self.lock.as_ref().and_then(|lock| lock.fail_on) {
            Some(most) if most < own.value => Sourced::new(most, self.lock.as_ref().map(|lock| lock.origin.clone()).unwrap_or_default()),
            _ => own,
        }
    }

    /// Format of standard output, if set.
    pub fn format(&self) -> Option<Sourced<String>> {
        self.top(|layer| layer.format.clone())
    }

    /// `[files] include`: the highest layer's that has one.
    pub fn include(&self) -> Vec<Sourced<String>> {
        self.top(|layer| layer.files.include.clone()).unwrap_or_default()
    }

    /// `[files] exclude`: every layer's.
    pub fn exclude(&self) -> Vec<Sourced<String>> {
        self.layers.iter().flat_map(|layer| layer.files.exclude.iter().cloned()).collect()
    }

    /// `[files.kinds]`: glob, kind; higher layers first, so that the first match decides.
    pub fn kinds(&self) -> Vec<(Sourced<String>, String)> {
        self.layers.iter().rev().flat_map(|layer| layer.files.kinds.iter().cloned()).collect()
    }

    /// Largest file in bytes, if set.
    pub fn max_size(&self) -> Option<Sourced<u64>> {
        self.top(|layer| layer.files.max_size.clone())
    }

    /// Folders of users' own rules, relative to the project root.
    pub fn rule_paths(&self) -> Vec<Sourced<String>> {
        self.layers.iter().flat_map(|layer| layer.rule_paths.iter().cloned()).collect()
    }

    /// `[[overrides]]`, lowest layer first.
    pub fn overrides(&self) -> impl Iterator<Item = &Override> {
        self.layers.iter().flat_map(|layer| &layer.overrides)
    }

    /// Third parties' plugins.
    pub fn plugins(&self) -> impl Iterator<Item = &PluginSetting> {
        self.layers.iter().flat_map(|layer| &layer.plugins)
    }

    /// `[[waiver]]`.
    pub fn waivers(&self) -> impl Iterator<Item = &CentralWaiver> {
        self.layers.iter().flat_map(|layer| &layer.waivers)
    }

    /// A rule's options as set, by name. Those not set are the rule's own to fill in.
    pub fn options(&self, rule: &str) -> Map<String, Value> {
        let set = self.layers.iter().flat_map(|layer| &layer.options).filter(|option| option.rule == rule);
        set.map(|option| (option.name.clone(), option.value.clone())).collect()
    }

    /// Build arguments for Dockerfiles; a higher layer's value of a name wins.
    pub fn docker_args(&self) -> Vec<(String, String)> {
        let mut args: Vec<(String, String)> = Vec::new();
        for (name, value) in self.layers.iter().flat_map(|layer| &layer.docker.args) {
            args.retain(|(seen, _)| *seen != name.value);
            args.push((name.value.clone(), value.clone()));
        }
        args
    }

    /// Globs of Dockerfiles and their build context, higher layers first, so that the first match decides.
    pub fn docker_contexts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.layers.iter().rev().flat_map(|layer| &layer.docker.contexts).map(|(glob, folder)| (glob.value.as_str(), folder.as_str()))
    }

    /// Globs of Dockerfiles and the stage that is built, higher layers first, so that the first match decides.
    pub fn docker_targets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.layers.iter().rev().flat_map(|layer| &layer.docker.targets).map(|(glob, stage)| (glob.value.as_str(), stage.as_str()))
    }
}
