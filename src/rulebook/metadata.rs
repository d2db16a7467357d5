//! Front matter on its way through the plugin interface: `rule-info.metadata`.

use crate::front_matter::{applicability, profile};
use crate::{Logic, Rule};
use plimsoll_finding::{Applicability, List, OptionSpec, Profile, RuleMeta, Severity};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The JSON text of a rule's metadata: its front matter, `target` and `doc`.
pub fn write(rule: &Rule) -> String {
    let mut out = object(&rule.meta);
    out.insert("logic".to_owned(), if matches!(rule.logic, Logic::Function) { "function" } else { "condition" }.into());
    Value::Object(out).to_string()
}

/// The same for a rule whose file is not at hand.
pub fn write_meta(meta: &RuleMeta) -> String {
    Value::Object(object(meta)).to_string()
}

fn object(meta: &RuleMeta) -> Map<String, Value> {
    let fix = match meta.fix {
        None => "none",
        Some(Applicability::Safe) => "safe",
        Some(Applicability::Unsafe) => "unsafe",
    };
    let options: Map<String, Value> = meta
        .options
        .iter()
        .map(|spec| (spec.name.to_string(), json!({"type": spec.ty, "default": spec.default(), "doc": spec.doc})))
        .collect();
    let entries = [
        ("target", json!(meta.target)),
        ("title", json!(meta.title)),
        ("severity", json!(meta.severity.name())),
        ("profile", json!(meta.profile.name())),
        ("fix", json!(fix)),
        ("aliases", json!(meta.aliases)),
        ("related", json!(meta.related)),
        ("controls", json!(meta.controls)),
        ("cwe", json!(meta.cwe)),
        ("since", json!(meta.since)),
        ("options", Value::Object(options)),
        ("doc", json!(meta.doc)),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The metadata as a constant expression of Rust, for rules that are part of the program.
pub(crate) fn to_rust(meta: &RuleMeta) -> String {
    let text = |text: &str| format!("Cow::Borrowed({text:?})");
    let texts = |list: &[Cow<'_, str>]| format!("Cow::Borrowed(&[{}])", list.iter().map(|item| text(item)).collect::<Vec<_>>().join(", "));
    let mut out = String::from("    RuleMeta {\n");
    for (field, value) in [
        ("id", text(&meta.id)),
        ("target", text(&meta.target)),
        ("title", text(&meta.title)),
        ("severity", format!("Severity::{:?}", meta.severity)),
        ("profile", format!("Profile::{:?}", meta.profile)),
        ("fix", meta.fix.map_or("None".to_owned(), |fix| format!("Some(Applicability::{fix:?})"))),
        ("aliases", texts(&meta.aliases)),
        ("related", texts(&meta.related)),
        ("controls", texts(&meta.controls)),
        ("cwe", format!("Cow::Borrowed(&{:?})", meta.cwe)),
        ("since", text(&meta.since)),
        ("doc", text(&meta.doc)),
        ("plugin", text(&meta.plugin)),
    ] {
        _ = writeln!(out, "        {field}: {value},");
    }
    let options = meta.options.iter().map(|spec| {
        let OptionSpec { name, ty, default, doc } = spec;
        format!("OptionSpec {{ name: {}, ty: {}, default: {}, doc: {} }}", text(name), text(ty), text(default), text(doc))
    });
    _ = writeln!(out, "        options: Cow::Borrowed(&[{}]),\n    }},", options.collect::<Vec<_>>().join(", "));
    out
}

/// Reads the metadata of a rule of `plugin`. Anything may be missing but the title and the target, for a third party's plugin may be of
/// another version; what is there must be of the right type. An error is a lowercase fragment.
pub fn read(plugin: &str, id: &str, text: &str) -> Result<RuleMeta, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("metadata of rule `{id}` is not JSON: {error}"))?;
    let Value::Object(object) = &value else { return Err(format!("metadata of rule `{id}` is not an object")) };
    let text = |key: &str| match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(Cow::from(text.clone()))),
        Some(_) => Err(format!("metadata of rule `{id}`: `{key}` must be a string")),
    };
    let needed = |key: &str| text(key)?.ok_or_else(|| format!("metadata of rule `{id}` lacks `{key}`"));
    let list = |key: &str| match object.get(key) {
        None | Some(Value::Null) => Ok(Cow::default()),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            Ok(items.iter().filter_map(Value::as_str).map(|item| Cow::from(item.to_owned())).collect())
        }
        Some(_) => Err(format!("metadata of rule `{id}`: `{key}` must be a list of strings")),
    };
    let in_rule = |cause: String| format!("metadata of rule `{id}`: {cause}");
    let numbers = object.get("cwe").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(RuleMeta {
        id: if id.contains('/') { id.to_owned() } else { format!("{plugin}/{id}") }.into(),
        target: needed("target")?,
        title: needed("title")?,
        severity: text("severity")?.map_or(Ok(Severity::Medium), |text| text.parse()).map_err(in_rule)?,
        profile: text("profile")?.map_or(Ok(Profile::Recommended), |text| profile(&text)).map_err(in_rule)?,
        fix: text("fix")?.map_or(Ok(None), |text| applicability(&text)).map_err(in_rule)?,
        aliases: list("aliases")?,
        related: list("related")?,
        controls: list("controls")?,
        cwe: numbers.iter().filter_map(Value::as_u64).filter_map(|number| u32::try_from(number).ok()).collect(),
        since: text("since")?.unwrap_or_default(),
        options: options(object.get("options")).map_err(in_rule)?,
        doc: text("doc")?.unwrap_or_default(),
        plugin: plugin.to_owned().into(),
    })
}

fn options(value: Option<&Value>) -> Result<List<OptionSpec>, String> {
    let Some(Value::Object(entries)) = value else { return Ok(Cow::default()) };
    let specs = entries.iter().map(|(name, spec)| {
        let ty = spec.get("type").and_then(Value::as_str).ok_or_else(|| format!("option `{name}` lacks `type`"))?;
        let doc = spec.get("doc").and_then(Value::as_str).unwrap_or_default().to_owned();
        let default = spec.get("default").map_or_else(|| "null".to_owned(), Value::to_string);
        Ok(OptionSpec { name: name.clone().into(), ty: ty.to_owned().into(), default: default.into(), doc: doc.into() })
    });
    let mut specs: Vec<OptionSpec> = specs.collect::<Result<_, String>>()?;
    specs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(specs.into())
}
