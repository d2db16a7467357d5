//! What is in force, and where each setting came from.

use crate::{Config, Origin};
use serde_json::{Value, json};

/// A setting in force.
#[derive(Clone, PartialEq, Debug)]
pub struct Effective {
    /// Dotted key, as in the file.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// Where it was decided.
    pub origin: Origin,
}

impl Config {
    /// Every setting in force, in the order of the file's keys; lists appear item by item, because their items come from different layers.
    pub fn effective(&self) -> Vec<Effective> {
        let mut all = Vec::new();
        let mut add = |key: &str, value: Value, origin: &Origin| all.push(Effective { key: key.to_owned(), value, origin: origin.clone() });
        match self.layers.iter().rposition(|layer| layer.select.is_some()) {
            None => add("select", "profile:recommended".into(), &Origin::Default),
            Some(at) => {
                for item in self.layers[at].select.iter().flatten() {
                    add("select", item.value.clone().into(), &item.origin);
                }
            }
        }
        let from = self.layers.iter().rposition(|layer| layer.select.is_some()).unwrap_or(0);
        for item in self.layers[from.min(self.layers.len())..].iter().flat_map(|layer| &layer.extend_select) {
            add("extend-select", item.value.clone().into(), &item.origin);
        }
        for item in self.layers.iter().flat_map(|layer| &layer.ignore) {
            add("ignore", item.value.clone().into(), &item.origin);
        }
        let fail_on = self.fail_on();
        add("fail-on", fail_on.value.name().into(), &fail_on.origin);
        for (selector, severity) in self.layers.iter().flat_map(|layer| &layer.severity) {
            add(&format!("severity.\"{}\"", selector.value), severity.name().into(), &selector.origin);
        }
        for item in self.include() {
            add("files.include", item.value.into(), &item.origin);
        }
        for item in self.exclude() {
            add("files.exclude", item.value.into(), &item.origin);
        }
        for (glob, kind) in self.kinds() {
            add(&format!("files.kinds.\"{}\"", glob.value), kind.into(), &glob.origin);
        }
        if let Some(size) = self.max_size() {
            add("files.max-size", size.value.into(), &size.origin);
        }
        for item in self.rule_paths() {
            add("rules.path", item.value.into(), &item.origin);
        }
        for option in self.layers.iter().flat_map(|layer| &layer.options) {
            add(&format!("rules.\"{}\".{}", option.rule, option.name), option.value.clone(), &option.origin);
        }
        for entry in self.overrides() {
            let texts = |items: &[crate::Sourced<String>]| items.iter().map(|item| item.value.clone()).collect::<Vec<_>>();
            let value = json!({"paths": texts(&entry.paths), "select": texts(&entry.select), "ignore": texts(&entry.ignore)});
            add("overrides", value, &entry.origin);
        }
        for plugin in self.plugins() {
            add("plugin", json!({"path": plugin.path, "sha256": plugin.sha256, "name": plugin.name}), &plugin.origin);
        }
        for waiver in self.waivers() {
            let rules: Vec<_> = waiver.rules.iter().map(|rule| rule.value.clone()).collect();
            let until = waiver.until.map(|date| date.to_string());
            add("waiver", json!({"rules": rules, "until": until, "reason": waiver.reason}), &waiver.origin);
        }
        for layer in &self.layers {
            let docker = &layer.docker;
            for (name, pairs) in [("contexts", &docker.contexts), ("targets", &docker.targets), ("args", &docker.args)] {
                for (key, value) in pairs {
                    add(&format!("docker.{name}.\"{}\"", key.value), value.clone().into(), &key.origin);
                }
            }
        }
        self.effective_serve(&mut add);
        if let Some(format) = self.format() {
            add("output.format", format.value.into(), &format.origin);
        }
        all
    }

    /// The settings of `[serve]` that are written, each as in the file.
    fn effective_serve(&self, add: &mut dyn FnMut(&str, Value, &Origin)) {
        for layer in &self.layers {
            for (key, value, origin) in &layer.serve_written {
                add(&format!("serve.{key}"), value.clone(), origin);
            }
        }
    }
}
