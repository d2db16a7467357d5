//! From TOML to a layer: which keys there are, what each must be.

use crate::glob::rooted;
use crate::layer::{CentralWaiver, FileSettings, Layer, Lock, Override, PluginSetting, RuleOption};
use crate::near::near;
use crate::toml::{Key, Node, Toml};
use crate::{Origin, Problem, Sourced};
use jiff::civil::Date;
use plimsoll_finding::Severity;
use std::path::PathBuf;

/// A layer being read, with the files it extends and what was wrong on the way.
pub(crate) struct Reader<'a> {
    /// Folder of the file, relative to the project root.
    pub(crate) base: &'a str,
    pub(crate) problems: Vec<Problem>,
    pub(crate) extends: Vec<Sourced<String>>,
}

type Entry<'n> = (&'n Key, &'n Node);

/// Kinds that `[files.kinds]` may give.
pub(crate) const KINDS: [&str; 5] = ["dockerfile", "compose", "kubernetes", "terraform", "tfvars"];
/// Formats that `[output] format` may name.
pub(crate) const FORMATS: [&str; 10] = ["full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html"];

impl Reader<'_> {
    pub(crate) fn layer(&mut self, node: &Node) -> Layer {
        let mut layer = Layer { origin: node.origin.clone(), ..Layer::default() };
        self.each(node, "", |reader, (key, value)| {
            match key.text.as_str() {
                "extend" => reader.extends = reader.strings(value, "extend"),
                "select" => layer.select = Some(reader.strings(value, "select")),
                "extend-select" => layer.extend_select = reader.strings(value, "extend-select"),
                "ignore" => layer.ignore = reader.strings(value, "ignore"),
                "fail-on" => layer.fail_on = reader.severity(value, "fail-on").map(|severity| Sourced::new(severity, value.origin.clone())),
                "severity" => layer.severity = reader.severities(value, "severity"),
                "files" => layer.files = reader.files(value),
                "rules" => reader.rules(value, &mut layer),
                "overrides" => layer.overrides = reader.list(value, "overrides", Reader::override_entry),
                "plugin" => layer.plugins = reader.list(value, "plugin", Reader::plugin),
                "waiver" => layer.waivers = reader.list(value, "waiver", Reader::waiver),
                "docker" => reader.docker(value, &mut layer),
                "output" => reader.output(value, &mut layer),
                "locked" => layer.lock = Some(reader.lock(value)),
                "serve" => {
                    layer.serve = reader.serve(value);
                    if let Toml::Table(entries) = &value.value {
                        layer.serve_written =
                            entries.iter().map(|(key, value)| (key.text.clone(), value.value.json(), value.origin.clone())).collect();
                    }
                }
                "$schema" => {}
                _ => return false,
            }
            true
        });
        layer
    }

    fn files(&mut self, node: &Node) -> FileSettings {
        let mut files = FileSettings::default();
        self.each(node, "files", |reader, (key, value)| {
            match key.text.as_str() {
                "include" => files.include = Some(reader.globs(value, "files.include")),
                "exclude" => files.exclude = reader.globs(value, "files.exclude"),
                "max-size" => files.max_size = reader.bytes(value, "files.max-size"),
                "kinds" => {
                    for (glob, kind) in reader.pairs(value, "files.kinds", true) {
                        if KINDS.contains(&kind.as_str()) {
                            files.kinds.push((glob, kind));
                        } else {
                            let meant = near(&kind, KINDS).map_or_else(|| KINDS.join(", "), |kind| format!("`{kind}`"));
                            reader.problems.push(Problem::error(&glob.origin, format!("unknown kind `{kind}`, expected {meant}")));
                        }
                    }
                }
                _ => return false,
            }
            true
        });
        files
    }

    fn rules(&mut self, node: &Node, layer: &mut Layer) {
        let Some(entries) = self.table(node, "rules") else { return };
        for (key, value) in entries {
            match (key.text.as_str(), &value.value) {
                ("path", Toml::String(_) | Toml::Array(_)) => {
                    let base = self.base;
                    let at_base = |path: String| if base.is_empty() { path } else { format!("{base}/{path}") };
                    let paths = self.strings(value, "rules.path");
                    layer.rule_paths.extend(paths.into_iter().map(|path| Sourced::new(at_base(path.value), path.origin)));
                }
                (rule, Toml::Table(options)) if rule.contains('/') => {
                    layer.options.extend(options.iter().map(|(name, option)| RuleOption {
                        rule: rule.to_owned(),
                        name: name.text.clone(),
                        value: option.value.json(),
                        origin: option.origin.clone(),
                    }));
                }
                (rule, other) if rule.contains('/') => {
                    let message = format!("`rules.\"{rule}\"` holds options, so it must be a table, not {}", other.type_name());
                    self.problems.push(Problem::error(&value.origin, message));
                }
                (name, _) => {
                    let message =
                        format!("unknown key `rules.{name}`: options stand under a rule's id, as in [rules.\"docker/user-root\"]");
                    self.problems.push(Problem::warning(&key.origin, message));
                }
            }
        }
    }

    fn lock(&mut self, node: &Node) -> Lock {
        let mut lock = Lock { origin: node.origin.clone(), ..Lock::default() };
        self.each(node, "locked", |reader, (key, value)| {
            match key.text.as_str() {
                "rules" => lock.rules = reader.strings(value, "locked.rules"),
                "severity" => lock.severity = reader.severities(value, "locked.severity"),
                "fail-on" => lock.fail_on = reader.severity(value, "locked.fail-on"),
                "owner" => lock.owner = reader.bool(value, "locked.owner"),
                "reason" => lock.reason = reader.bool(value, "locked.reason"),
                "baseline" => lock.baseline = reader.bool(value, "locked.baseline"),
                "max-days" => match value.value {
                    Toml::Integer(days) if days >= 0 => lock.max_days = Some(days),
                    _ => reader.wrong(value, "locked.max-days", "a number of days"),
                },
                _ => return false,
            }
            true
        });
        for selector in lock.rules.iter().chain(lock.severity.iter().map(|(selector, _)| selector)) {
            let text = selector.value.as_str();
            let plain = text.contains('/')
                || ["all", "docker", "compose", "kubernetes", "terraform", "plimsoll"].contains(&text.to_ascii_lowercase().as_str());
            if !plain || text.contains(':') || text.matches('*').count() > 1 {
                let message = format!("`{text}` cannot be locked: name rules by id, by a target, by a glob with one `*`, or ALL");
                self.problems.push(Problem::error(&selector.origin, message));
            }
        }
        lock
    }

    fn bool(&mut self, node: &Node, name: &str) -> bool {
        if let Toml::Bool(value) = node.value {
            return value;
        }
        self.wrong(node, name, "true or false");
        // What was meant to be asked for is asked for.
        true
    }

    fn override_entry(&mut self, node: &Node) -> Option<Override> {
        let mut entry = Override { origin: node.origin.clone(), ..Override::default() };
        self.each(node, "overrides", |reader, (key, value)| {
            match key.text.as_str() {
                "paths" => entry.paths = reader.globs(value, "overrides.paths"),
                "select" => entry.select = reader.strings(value, "overrides.select"),
                "ignore" => entry.ignore = reader.strings(value, "overrides.ignore"),
                "severity" => entry.severity = reader.severities(value, "overrides.severity"),
                _ => return false,
            }
            true
        });
        self.need(!entry.paths.is_empty(), node, "an entry of `overrides` needs `paths`").then_some(entry)
    }

    fn plugin(&mut self, node: &Node) -> Option<PluginSetting> {
        let mut entry = PluginSetting { origin: node.origin.clone(), ..PluginSetting::default() };
        self.each(node, "plugin", |reader, (key, value)| {
            match key.text.as_str() {
                "path" => {
                    entry.path = reader.string(value, "plugin.path").map(|path| PathBuf::from(reader.base).join(path)).unwrap_or_default();
                }
                "sha256" => entry.sha256 = reader.digest(value),
                "name" => entry.name = reader.string(value, "plugin.name"),
                _ => return false,
            }
            true
        });
        let complete = self.need(!entry.path.as_os_str().is_empty(), node, "an entry of `plugin` needs `path`");
        let pinned = self.need(
            entry.sha256.is_some(),
            node,
            "an entry of `plugin` needs `sha256`, the digest of the component as `sha256sum` prints it",
        );
        (complete && pinned).then_some(entry)
    }

    fn waiver(&mut self, node: &Node) -> Option<CentralWaiver> {
        let mut entry = CentralWaiver { origin: node.origin.clone(), ..CentralWaiver::default() };
        let before = self.problems.iter().filter(|problem| problem.error).count();
        self.each(node, "waiver", |reader, (key, value)| {
            match key.text.as_str() {
                "rules" => entry.rules = reader.strings(value, "waiver.rules"),
                "paths" => entry.paths = reader.globs(value, "waiver.paths"),
                "resource" => entry.resource = reader.string(value, "waiver.resource"),
                "reason" => entry.reason = reader.string(value, "waiver.reason"),
                "owner" => entry.owner = reader.string(value, "waiver.owner"),
                "ticket" => entry.ticket = reader.string(value, "waiver.ticket"),
                "until" => entry.until = reader.date(value),
                _ => return false,
            }
            true
        });
        if entry.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
            self.problems.push(Problem::warning(&node.origin, "a waiver without `reason` tells nobody why it is there"));
        }
        let named = self.need(!entry.rules.is_empty(), node, "a waiver needs `rules`");
        let scoped = self.need(!entry.paths.is_empty() || entry.resource.is_some(), node, "a waiver needs `paths` or `resource`");
        // A waiver that is not what its author meant waives nothing.
        let sound = self.problems.iter().filter(|problem| problem.error).count() == before;
        (named && scoped && sound).then_some(entry)
    }

    fn docker(&mut self, node: &Node, layer: &mut Layer) {
        self.each(node, "docker", |reader, (key, value)| {
            match key.text.as_str() {
                "contexts" => layer.docker.contexts = reader.pairs(value, "docker.contexts", true),
                "targets" => layer.docker.targets = reader.pairs(value, "docker.targets", true),
                "args" => layer.docker.args = reader.pairs(value, "docker.args", false),
                _ => return false,
            }
            true
        });
    }

    fn output(&mut self, node: &Node, layer: &mut Layer) {
        self.each(node, "output", |reader, (key, value)| {
            if key.text != "format" {
                return false;
            }
            if let Some(format) = reader.string(value, "output.format") {
                if FORMATS.contains(&format.as_str()) {
                    layer.format = Some(Sourced::new(format, value.origin.clone()));
                } else {
                    let message = format!("unknown format `{format}`, expected {}", FORMATS.join(", "));
                    reader.problems.push(Problem::error(&value.origin, message));
                }
            }
            true
        });
    }

    /// Calls `take` for each entry of a table; an entry it does not take is unknown to this version.
    pub(crate) fn each(&mut self, node: &Node, name: &str, mut take: impl FnMut(&mut Self, Entry) -> bool) {
        let Some(entries) = self.table(node, name) else { return };
        for (key, value) in entries {
            if !take(self, (key, value)) {
                let known = crate::schema::keys(name);
                let hint =
                    near(&key.text, known.iter().map(String::as_str)).map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default();
                let full = if name.is_empty() { key.text.clone() } else { format!("{name}.{}", key.text) };
                self.problems.push(Problem::warning(&key.origin, format!("unknown key `{full}`{hint}")));
            }
        }
    }

    pub(crate) fn table<'n>(&mut self, node: &'n Node, name: &str) -> Option<&'n [(Key, Node)]> {
        if let Toml::Table(entries) = &node.value {
            return Some(entries);
        }
        self.wrong(node, name, "a table");
        None
    }

    pub(crate) fn list<T>(&mut self, node: &Node, name: &str, read: impl Fn(&mut Self, &Node) -> Option<T>) -> Vec<T> {
        if let Toml::Array(items) = &node.value {
            return items.iter().filter_map(|item| read(self, item)).collect();
        }
        self.wrong(node, name, &format!("a list of tables ([[{name}]])"));
        Vec::new()
    }

    pub(crate) fn string(&mut self, node: &Node, name: &str) -> Option<String> {
        if let Toml::String(text) = &node.value {
            return Some(text.clone());
        }
        self.wrong(node, name, "a string");
        None
    }

    /// A list of strings; a single string is a list of one.
    pub(crate) fn strings(&mut self, node: &Node, name: &str) -> Vec<Sourced<String>> {
        match &node.value {
            Toml::String(text) => vec![Sourced::new(text.clone(), node.origin.clone())],
            Toml::Array(items) => {
                items.iter().filter_map(|item| self.string(item, name).map(|text| Sourced::new(text, item.origin.clone()))).collect()
            }
            _ => {
                self.wrong(node, name, "a list of strings");
                Vec::new()
            }
        }
    }

    fn globs(&mut self, node: &Node, name: &str) -> Vec<Sourced<String>> {
        let base = self.base;
        self.strings(node, name).into_iter().map(|glob| Sourced::new(rooted(base, &glob.value), glob.origin)).collect()
    }

    fn pairs(&mut self, node: &Node, name: &str, globs: bool) -> Vec<(Sourced<String>, String)> {
        let Some(entries) = self.table(node, name) else { return Vec::new() };
        let mut pairs = Vec::new();
        for (key, value) in entries {
            if let Some(text) = self.string(value, &format!("{name}.{}", key.text)) {
                let left = if globs { rooted(self.base, &key.text) } else { key.text.clone() };
                pairs.push((Sourced::new(left, key.origin.clone()), text));
            }
        }
        pairs
    }

    fn severity(&mut self, node: &Node, name: &str) -> Option<Severity> {
        let text = self.string(node, name)?;
        text.parse().map_err(|error: String| self.problems.push(Problem::error(&node.origin, error))).ok()
    }

    fn severities(&mut self, node: &Node, name: &str) -> Vec<(Sourced<String>, Severity)> {
        let Some(entries) = self.table(node, name) else { return Vec::new() };
        let mut severities = Vec::new();
        for (key, value) in entries {
            if let Some(severity) = self.severity(value, &format!("{name}.{}", key.text)) {
                severities.push((Sourced::new(key.text.clone(), key.origin.clone()), severity));
            }
        }
        severities
    }

    /// Bytes, or `"20MB"` and the like.
    pub(crate) fn bytes(&mut self, node: &Node, name: &str) -> Option<Sourced<u64>> {
        let size = match &node.value {
            Toml::Integer(number) => u64::try_from(*number).ok(),
            Toml::String(text) => parse_size(text),
            _ => None,
        };
        if size.is_none() {
            self.problems.push(Problem::error(&node.origin, format!("`{name}` must be a number of bytes or a text such as \"20MB\"")));
        }
        size.map(|size| Sourced::new(size, node.origin.clone()))
    }

    fn digest(&mut self, node: &Node) -> Option<String> {
        let text = self.string(node, "plugin.sha256")?.to_ascii_lowercase();
        let text = text.strip_prefix("sha256:").unwrap_or(&text).to_owned();
        let sound = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.need(sound, node, "`plugin.sha256` must be 64 hex digits").then_some(text)
    }

    pub(crate) fn date(&mut self, node: &Node) -> Option<Date> {
        let (Toml::String(text) | Toml::Date(text)) = &node.value else {
            self.wrong(node, "waiver.until", "a date such as 2027-01-31");
            return None;
        };
        let date = text.parse().ok();
        self.need(date.is_some(), node, "`waiver.until` must be a date such as 2027-01-31");
        date
    }

    pub(crate) fn need(&mut self, condition: bool, node: &Node, message: &str) -> bool {
        if !condition {
            self.problems.push(Problem::error(&node.origin, message));
        }
        condition
    }

    pub(crate) fn wrong(&mut self, node: &Node, name: &str, wanted: &str) {
        let name = if name.is_empty() { "the file" } else { name };
        self.problems.push(Problem::error(&node.origin, format!("`{name}` must be {wanted}, not {}", node.value.type_name())));
    }
}

fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let factor: u64 = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// Where a whole file stands, for problems that concern it all.
pub(crate) fn file_origin(path: &std::sync::Arc<std::path::Path>) -> Origin {
    Origin::File { path: path.clone(), start: 0, end: 0, line: 1, column: 1 }
}
