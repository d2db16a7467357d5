//! Users' own Markdown rules: read, compiled, and handed to the policy plugin.

use plimsoll_condition::compile::compile;
use plimsoll_condition::{Json, PolicyRule, PolicySettings};
use plimsoll_finding::{Notice, NoticeKind};
use plimsoll_rulebook::{Logic, Rule, metadata};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Namespaces of our own, and of the plugin that runs the rest.
const RESERVED: [&str; 6] = ["docker", "compose", "kubernetes", "terraform", "policy", "plimsoll"];
/// Rule files of one project.
const MAX_RULES: usize = 2_000;

/// A project's own rules.
#[derive(Debug, Default)]
pub struct Policies {
    /// The rules, by id.
    pub rules: Vec<Rule>,
    /// What is wrong with others: `path:line: cause`.
    pub errors: Vec<String>,
}

/// Reads the rules at these places: a rule's file, a namespace's folder, or a folder of namespaces.
pub fn read(places: &[PathBuf]) -> Policies {
    let mut policies = Policies::default();
    let mut files = vec![];
    for place in places {
        if place.is_dir() {
            collect(place, 0, &mut files);
        } else {
            files.push(place.clone());
        }
    }
    files.sort();
    files.dedup();
    if files.len() > MAX_RULES {
        policies.errors.push(format!("more than {MAX_RULES} rule files; the rest is not read"));
        files.truncate(MAX_RULES);
    }
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        let namespace = file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if RESERVED.contains(&namespace.as_str()) {
            policies
                .errors
                .push(format!("{name}: `{namespace}` is a namespace of Plimsoll's own; put the rule in a folder of another name"));
            continue;
        }
        match std::fs::read_to_string(&file) {
            Err(error) => policies.errors.push(format!("{name}: cannot be read: {error}")),
            Ok(text) => match Rule::parse(&name, None, &text) {
                Ok(rule) => policies.rules.push(rule),
                Err(errors) => policies.errors.extend(errors.iter().map(ToString::to_string)),
            },
        }
    }
    policies.rules.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    policies
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() && !path.is_symlink() && depth < 2 {
            collect(&path, depth + 1, files);
        } else if path.extension().is_some_and(|extension| extension == "md") && path.file_name().is_some_and(|name| name != "README.md") {
            files.push(path);
        }
    }
}

/// The policy plugin's settings: the rules compiled, and their options.
pub(crate) fn settings(policies: &Policies, options: &Map<String, Value>, errors: &mut Vec<String>) -> Vec<u8> {
    let mut settings = PolicySettings::default();
    for rule in &policies.rules {
        let Logic::Condition(source) = &rule.logic else {
            errors.push(format!("{}: a rule outside a plugin needs `require:`", rule.path));
            continue;
        };
        match compile(source) {
            Ok(compiled) => {
                settings.rules.push(PolicyRule {
                    id: rule.meta.id.to_string(),
                    metadata: metadata::write(rule),
                    compiled: compiled.encode(),
                });
            }
            Err(wrong) => errors.extend(wrong.iter().map(|error| match error.column {
                0 => format!("{}:{}: {}", rule.path, error.line, error.message),
                column => format!("{}:{}:{column}: {}", rule.path, error.line, error.message),
            })),
        }
        if let Some(value) = options.get(&*rule.meta.id)
            && let Ok(value) = Json::parse(&value.to_string())
        {
            settings.options.push((rule.meta.id.to_string(), value));
        }
    }
    if settings.rules.is_empty() { vec![] } else { settings.encode() }
}

/// Where users keep their rules, as the documentation has it.
pub(crate) const USUAL_PLACE: &str = "policy";

/// A hint, if rules lie in the usual place and no configuration names it: nobody would notice that they never ran.
pub(crate) fn unnamed(root: &Path, shown: &dyn Fn(&Path) -> String) -> Option<Notice> {
    let mut files = vec![];
    collect(&root.join(USUAL_PLACE), 0, &mut files);
    files.sort();
    let rule = |file: &PathBuf| {
        let text = plimsoll_source::read_regular(file, 64 * 1024).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let head = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        head.is_some_and(|(head, _)| head.lines().any(|line| line.starts_with("require:")))
    };
    let first = files.iter().take(MAX_RULES).find(|file| rule(file))?;
    let at = Some(crate::lines::start_of(&shown(first)));
    let message = format!("this rule does not run: write `[rules]` with `path = [\"{USUAL_PLACE}/\"]` into plimsoll.toml");
    Some(Notice { kind: NoticeKind::Config, at, message, incomplete: false })
}

/// A warning of the plugin engine.
pub(crate) fn warning(message: String) -> Notice {
    Notice { kind: NoticeKind::Plugin, at: None, message, incomplete: false }
}
