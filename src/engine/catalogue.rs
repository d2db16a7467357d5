//! The plugins and rules of a run, loaded once and shared by every project with the same settings.

use crate::enabled::{Enabled, Known};
use crate::relation::RELATIONS;
use plimsoll_document::KeyTable;
use plimsoll_finding::{List, RuleMeta};
use plimsoll_host::{ConfigureError, Embedded, Host, LoadError, Plugin};
use plimsoll_verdict::InForce;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The plugins that are part of the binary, but for the one that runs users' Markdown rules, each with what is known of its rules.
pub fn builtins() -> [(&'static Embedded, &'static [RuleMeta]); 4] {
    [
        (&plimsoll_embedded_docker::ARTEFACT, plimsoll_embedded_docker::RULES),
        (&plimsoll_embedded_compose::ARTEFACT, plimsoll_embedded_compose::RULES),
        (&plimsoll_embedded_kubernetes::ARTEFACT, plimsoll_embedded_kubernetes::RULES),
        (&plimsoll_embedded_terraform::ARTEFACT, plimsoll_embedded_terraform::RULES),
    ]
}

/// A third party's plugin, as read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThirdParty {
    /// Where it was read from, for messages.
    pub path: PathBuf,
    /// The component.
    pub bytes: Arc<[u8]>,
    /// Digest it must have.
    pub sha256: Option<String>,
    /// Name it must go by.
    pub name: Option<String>,
}

/// What a catalogue is made of: equal for projects with equal settings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contents {
    /// Options by rule id.
    pub options: Map<String, Value>,
    /// Third parties' plugins.
    pub plugins: Vec<ThirdParty>,
    /// Users' Markdown rules, compiled, as the policy plugin takes them; empty for none.
    pub policy: Vec<u8>,
}

/// Where a rule's code is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) plugin: usize,
    pub(crate) number: u32,
}

/// Every rule of a run, with the plugin that holds it.
pub struct Catalogue {
    pub(crate) host: Arc<Host>,
    pub(crate) plugins: Vec<Plugin>,
    pub(crate) keys: KeyTable,
    pub(crate) places: Vec<Place>,
    rules: Vec<RuleMeta>,
    ids: Vec<Arc<str>>,
    /// The rules of each target.
    of_target: BTreeMap<String, Vec<usize>>,
    /// Which of them run where what is in force.
    enabled: Known,
}

/// Why a catalogue cannot be had: an error of configuration (exit code 2).
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The plugin engine or a plugin cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A plugin refuses its settings.
    #[error("settings of plugin `{plugin}`: {problem}")]
    Settings {
        /// The plugin.
        plugin: String,
        /// What it says, with a JSON Pointer.
        problem: String,
    },
    /// A third party's plugin takes a name that is taken.
    #[error("plugin {path}: {why}")]
    Name {
        /// The file.
        path: String,
        /// What is wrong with its name.
        why: String,
    },
    /// A rule's front matter cannot be read.
    #[error("rule `{rule}` of plugin `{plugin}`: {why}")]
    Metadata {
        /// The plugin.
        plugin: String,
        /// The rule.
        rule: String,
        /// What is wrong.
        why: String,
    },
}

/// Names that third parties may not take.
const RESERVED: [&str; 6] = ["docker", "compose", "kubernetes", "terraform", "policy", "plimsoll"];

impl Catalogue {
    /// Loads and configures the plugins.
    pub fn new(host: &Arc<Host>, contents: &Contents) -> Result<Self, CatalogueError> {
        let mut catalogue = Self {
            host: host.clone(),
            plugins: vec![],
            keys: KeyTable::new(),
            places: vec![],
            rules: vec![],
            ids: vec![],
            of_target: BTreeMap::new(),
            enabled: Known::default(),
        };
        for (name, _) in RELATIONS {
            catalogue.keys.add(name);
        }
        for (embedded, rules) in builtins() {
            let mut plugin = host.load_builtin(embedded);
            let settings = settings_of(&plugin, &contents.options);
            configure(&mut plugin, host, &settings, &mut catalogue.keys)?;
            catalogue.add(plugin, rules.to_vec());
        }
        if !contents.policy.is_empty() {
            let mut plugin = host.load_builtin(&plimsoll_embedded_policy::ARTEFACT);
            configure(&mut plugin, host, &contents.policy, &mut catalogue.keys)?;
            catalogue.take(plugin, None)?;
        }
        for third in &contents.plugins {
            let path = third.path.display().to_string();
            let mut plugin = host.load_third_party(&third.path, &third.bytes, third.sha256.as_deref())?;
            let name = plugin.manifest().name.to_string();
            let taken = catalogue.plugins.iter().any(|other| other.manifest().name == name);
            let why = match &third.name {
                _ if RESERVED.contains(&name.as_str()) => Some(format!("`{name}` is a name of Plimsoll's own")),
                _ if taken => Some(format!("another plugin is called `{name}` already")),
                Some(expected) if *expected != name => Some(format!("it is called `{name}`, not `{expected}`")),
                _ => None,
            };
            if let Some(why) = why {
                return Err(CatalogueError::Name { path, why });
            }
            let settings = third_party_settings(&name, &contents.options);
            configure(&mut plugin, host, &settings, &mut catalogue.keys)?;
            catalogue.take(plugin, Some(&name))?;
        }
        Ok(catalogue)
    }

    /// Adds a plugin's rules. A third party's are named by the plugin, and their aliases drive no waivers.
    fn take(&mut self, plugin: Plugin, namespace: Option<&str>) -> Result<(), CatalogueError> {
        let manifest = plugin.manifest();
        let mut rules = Vec::with_capacity(manifest.rules.len());
        for rule in manifest.rules.iter() {
            let id = namespace
                .map_or_else(|| rule.id.to_string(), |namespace| format!("{namespace}/{}", rule.id.rsplit('/').next().unwrap_or_default()));
            let error = |why: String| CatalogueError::Metadata { plugin: manifest.name.to_string(), rule: id.clone(), why };
            let mut meta = plimsoll_rulebook::metadata::read(&manifest.name, &id, &rule.metadata).map_err(error)?;
            if namespace.is_some() {
                meta.aliases = List::default();
                meta.related = List::default();
            }
            rules.push(meta);
        }
        self.add(plugin, rules);
        Ok(())
    }

    /// Adds a plugin with its rules, in the order of their numbers.
    fn add(&mut self, plugin: Plugin, rules: Vec<RuleMeta>) {
        let index = self.plugins.len();
        for (number, rule) in (self.rules.len()..).zip(&rules) {
            match self.of_target.get_mut(&*rule.target) {
                Some(known) => known.push(number),
                None => _ = self.of_target.insert(rule.target.to_string(), vec![number]),
            }
        }
        self.ids.extend(rules.iter().map(|rule| Arc::from(&*rule.id)));
        self.places.extend((0..rules.len()).map(|number| Place { plugin: index, number: number as u32 }));
        self.rules.extend(rules);
        self.plugins.push(plugin);
    }

    /// The rules, plugin by plugin.
    pub fn rules(&self) -> &[RuleMeta] {
        &self.rules
    }

    /// The rules that judge a target, plugin by plugin.
    pub(crate) fn of_target(&self, target: &str) -> &[usize] {
        self.of_target.get(target).map_or(&[], Vec::as_slice)
    }

    /// The rules of a target that are on for any file of a job.
    pub(crate) fn enabled(&self, target: &'static str, in_force: &[InForce]) -> Arc<Enabled> {
        self.enabled.of(self, target, in_force)
    }

    /// The rules' ids, shared.
    pub(crate) fn id(&self, rule: usize) -> &Arc<str> {
        &self.ids[rule]
    }

    /// The relations that a rule declares.
    pub(crate) fn relations(&self, rule: usize) -> impl Iterator<Item = &str> {
        let Place { plugin, number } = self.places[rule];
        self.plugins[plugin].manifest().rules[number as usize].relations.iter().map(AsRef::as_ref)
    }

    /// Third parties' plugins: name, version, digest.
    pub fn third_parties(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.plugins.iter().filter_map(|plugin| Some((&*plugin.manifest().name, &*plugin.manifest().version, plugin.digest()?)))
    }
}

/// The options of a plugin's rules as its settings; empty if none is set, so that a built-in keeps the defaults it was made with.
fn settings_of(plugin: &Plugin, options: &Map<String, Value>) -> Vec<u8> {
    let own: BTreeMap<&str, &Value> = plugin
        .manifest()
        .rules
        .iter()
        .filter_map(|rule| options.get_key_value(rule.id.as_ref()).map(|(id, value)| (id.as_str(), value)))
        .collect();
    if own.is_empty() { vec![] } else { serde_json::to_vec(&own).unwrap_or_default() }
}

fn third_party_settings(name: &str, options: &Map<String, Value>) -> Vec<u8> {
    let prefix = format!("{name}/");
    let own: BTreeMap<&str, &Value> =
        options.iter().filter(|(id, _)| id.starts_with(&prefix)).map(|(id, value)| (id.as_str(), value)).collect();
    if own.is_empty() { vec![] } else { serde_json::to_vec(&own).unwrap_or_default() }
}

fn configure(plugin: &mut Plugin, host: &Host, settings: &[u8], keys: &mut KeyTable) -> Result<(), CatalogueError> {
    plugin.configure(host, settings, keys).map_err(|error| CatalogueError::Settings {
        plugin: plugin.manifest().name.to_string(),
        problem: match error {
            ConfigureError::Problems(problems) => {
                problems.iter().map(|problem| format!("{} {}", problem.pointer, problem.message)).collect::<Vec<_>>().join("; ")
            }
            ConfigureError::Failed(failure) => failure.message,
        },
    })
}
