//! `plimsoll rules`.

use super::args::{ListFormat, Rules};
use super::{check, terminal};
use plimsoll_finding::{Applicability, OptionSpec, RuleMeta};
use plimsoll_verdict::Ending;
use serde_json::{Value, json};

pub(crate) fn run(args: &Rules) -> anyhow::Result<Ending> {
    let rules = check::rules(&args.rules)?;
    let text = match args.format {
        ListFormat::Json => {
            let list: Vec<Value> = rules.iter().map(value).collect();
            format!("{}\n", serde_json::to_string_pretty(&list)?)
        }
        ListFormat::Text => rules
            .iter()
            .map(|rule| format!("{:<48} {:<9} {:<12} {:<7} {}\n", rule.id, rule.severity, rule.profile.name(), fix(rule), rule.title))
            .collect(),
    };
    terminal::print(&text)?;
    Ok(Ending::Clean)
}

/// `safe`, `unsafe` or `none`.
pub(crate) const fn fix(rule: &RuleMeta) -> &'static str {
    match rule.fix {
        Some(Applicability::Safe) => "safe",
        Some(Applicability::Unsafe) => "unsafe",
        None => "none",
    }
}

/// A rule as `--format json` lists it.
pub(crate) fn value(rule: &RuleMeta) -> Value {
    json!({
        "id": rule.id, "title": rule.title, "severity": rule.severity, "target": rule.target, "profile": rule.profile, "fix": fix(rule),
        "aliases": rule.aliases, "related": rule.related, "controls": rule.controls, "cwe": rule.cwe, "since": rule.since, "plugin": rule.plugin,
    })
}

/// A rule's setting in the same place.
pub(crate) fn option(option: &OptionSpec) -> Value {
    json!({"type": option.ty, "default": option.default(), "doc": option.doc})
}
