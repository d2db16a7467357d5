//! The plugin that runs users' own Markdown rules.
//!
//! It has no rules of its own: they come compiled, in its settings ([`PolicySettings`]), and are judged by the same session as built-in conditions.
//! The host's compiler made the bytes, but this is the sandbox: they are checked again when they are loaded.

#[cfg(target_arch = "wasm32")]
mod component;
mod options;

pub use options::Options;

use plimsoll_condition::{CompiledRule, Judged, PolicySettings};
use plimsoll_sdk::document::schema;
use plimsoll_sdk::{Check, Judges, Plugin, Problem, Rule, Session};

/// A session with the rules of `settings`, configured with its options. What is wrong with a rule is a problem at its place in `rules`.
///
/// Rules are static for a session, as those of any plugin, so loading some leaks them: an instance loads its settings once.
pub fn load(settings: &[u8]) -> Result<Session<Options>, Vec<Problem>> {
    let decoded = PolicySettings::decode(settings).map_err(|error| vec![Problem::new("", error.to_string())])?;
    let mut problems = vec![];
    let mut rules = vec![];
    let mut declared = vec![];
    for (at, rule) in decoded.rules.into_iter().enumerate() {
        let loaded = CompiledRule::decode(&rule.compiled).map_err(|error| error.to_string()).and_then(|compiled| {
            let judges = judges(&compiled)?;
            let options = options::declared(&rule.metadata)?;
            Ok((compiled.relations, judges, options))
        });
        match loaded {
            Ok((relations, judges, options)) => {
                rules.push(Rule {
                    id: rule.id.leak(),
                    metadata: rule.metadata.leak(),
                    relations: leak(relations.into_iter().map(|relation| &*relation.leak()).collect()),
                    judges,
                    check: Check::Condition(rule.compiled.leak()),
                });
                declared.push(options);
            }
            Err(message) => problems.push(Problem::new(format!("/rules/{at}"), message)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    options::declare(declared);
    let plugin = Plugin { name: "policy", version: env!("CARGO_PKG_VERSION"), rules: leak(rules), set: options::set };
    Ok(Session::new(Box::leak(Box::new(plugin))))
}

/// What a compiled rule judges, as the session's walk wants it. The type is looked up in this plugin's own schema.
fn judges(rule: &CompiledRule) -> Result<Judges, String> {
    let Judged { ty, list, labels } = &rule.judged;
    let Some(ty) = schema::find(&rule.target, ty) else {
        return Err(format!("{} has no type `{ty}`", rule.target));
    };
    let only = match Judged::label_field(ty) {
        _ if labels.is_empty() => None,
        None => return Err(format!("nothing tells one `{}` from another", ty.name)),
        Some(field) => {
            let labels = labels.iter().map(|label| &*label.clone().leak()).collect();
            Some((field.name, leak(labels)))
        }
    };
    Ok(Judges { target: ty.target, ty: ty.name, list: list.clone().map(|list| &*list.leak()), only, commands: &[], text: &[] })
}

fn leak<T>(list: Vec<T>) -> &'static [T] {
    list.leak()
}
