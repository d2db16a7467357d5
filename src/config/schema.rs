//! The JSON Schema of `plimsoll.toml`, from the same table that unknown keys are measured by.

use crate::read::{FORMATS, KINDS};
use plimsoll_finding::{OptionSpec, RuleMeta, Severity};
use serde_json::{Map, Value, json};

/// The schema, covering the options of every rule given.
pub fn schema(rules: &[RuleMeta]) -> Value {
    let mut root = object("");
    root["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    root["title"] = "plimsoll.toml".into();
    let mut properties = Map::new();
    properties.insert("path".into(), strings("Folders of the project's own Markdown rules."));
    for rule in rules {
        properties.insert(rule.id.to_string(), rule_schema(rule));
    }
    root["properties"]["rules"] = json!({"type": "object", "description": "Options of rules, by id.", "properties": properties});
    root
}

/// Keys of the table of that name, for hints.
pub(crate) fn keys(table: &str) -> Vec<String> {
    let properties = object(table);
    properties["properties"].as_object().map(|keys| keys.keys().cloned().collect()).unwrap_or_default()
}

fn rule_schema(rule: &RuleMeta) -> Value {
    let options: Map<String, Value> = rule.options.iter().map(|spec| (spec.name.to_string(), option_schema(spec))).collect();
    json!({"type": "object", "description": rule.title, "properties": options, "additionalProperties": false})
}

fn option_schema(spec: &OptionSpec) -> Value {
    let scalar = |name: &str| match name {
        "bool" => json!({"type": "boolean"}),
        "number" | "string" => json!({"type": name}),
        _ => json!({}),
    };
    let inner = |outer: &str| spec.ty.strip_prefix(outer).and_then(|rest| rest.strip_suffix('>'));
    let mut schema = match (inner("list<"), inner("map<")) {
        (Some(item), _) => json!({"type": "array", "items": scalar(item)}),
        (_, Some(item)) => json!({"type": "object", "additionalProperties": scalar(item)}),
        _ => scalar(&spec.ty),
    };
    schema["description"] = (&*spec.doc).into();
    schema["default"] = spec.default();
    schema
}

fn object(table: &str) -> Value {
    let (properties, required): (Value, &[&str]) = match table {
        "" => (root_properties(), &[]),
        "files" => (
            json!({
                "include": strings("Only these files, as globs relative to this file's folder."),
                "exclude": strings("Not these files, not even when they are named on the command line."),
                "kinds": {"type": "object", "description": "What files with unusual names are, by glob.", "additionalProperties": {"enum": KINDS}},
                "max-size": {"type": ["integer", "string"], "description": "Largest file, in bytes or as in \"20MB\".", "default": "20MB"},
            }),
            &[],
        ),
        "overrides" => (
            json!({
                "paths": strings("Globs relative to this file's folder."),
                "select": strings("Rules selected in addition."),
                "ignore": strings("Rules taken away."),
                "severity": severities(),
            }),
            &["paths"],
        ),
        "plugin" => (
            json!({
                "path": string("The component, relative to this file's folder."),
                "sha256": string("Its digest."),
                "name": string("The name it must go by."),
            }),
            &["path", "sha256"],
        ),
        "waiver" => (
            json!({
                "rules": strings("Selectors of the rules waived."),
                "paths": strings("Globs of the files covered."),
                "resource": string("Address of what is covered, as reports print it; `*` stands for any text."),
                "reason": string("Why."),
                "owner": string("Who answers for it."),
                "until": string("Last day it holds, UTC, as in 2027-01-31."),
                "ticket": string("Issue or ticket."),
            }),
            &["rules"],
        ),
        "docker" => (
            json!({
                "contexts": texts("Build context by glob of Dockerfiles."),
                "targets": texts("Stage that is built, by glob of Dockerfiles."),
                "args": texts("Build arguments."),
            }),
            &[],
        ),
        "serve" => (crate::schema_serve::serve(), &[]),
        "serve.enforce" => (crate::schema_serve::enforce(), &[]),
        "serve.exemption" => (crate::schema_serve::exemption(), &["reason"]),
        "output" => (json!({"format": {"enum": FORMATS, "description": "Format of standard output."}}), &[]),
        _ => (json!({}), &[]),
    };
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn root_properties() -> Value {
    let names: Vec<&str> = Severity::ALL.iter().map(|severity| severity.name()).collect();
    json!({
        "$schema": {"type": "string"},
        "extend": strings("Files that this one builds on, relative to its folder."),
        "select": strings("Rules that run: ALL, a target, a glob, an id, a peer's id, profile:NAME or control:ID."),
        "extend-select": strings("Rules that run in addition."),
        "ignore": strings("Rules that do not run."),
        "fail-on": {"enum": names, "description": "Severity from which findings fail the run.", "default": "low"},
        "severity": severities(),
        "files": object("files"),
        "rules": {"type": "object"},
        "overrides": list("overrides"),
        "plugin": list("plugin"),
        "waiver": list("waiver"),
        "docker": object("docker"),
        "output": object("output"),
        "serve": object("serve"),
    })
}

pub(crate) fn list(table: &str) -> Value {
    json!({"type": "array", "items": object(table)})
}

pub(crate) fn string(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

pub(crate) fn strings(description: &str) -> Value {
    json!({"type": ["array", "string"], "items": {"type": "string"}, "description": description})
}

fn texts(description: &str) -> Value {
    json!({"type": "object", "description": description, "additionalProperties": {"type": "string"}})
}

fn severities() -> Value {
    let names: Vec<&str> = Severity::ALL.iter().map(|severity| severity.name()).collect();
    json!({"type": "object", "description": "Severity by selector.", "additionalProperties": {"enum": names}})
}
