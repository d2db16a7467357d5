//! Options against the rules that have them.

use crate::near::near;
use crate::{Config, Problem};
use plimsoll_finding::{OptionSpec, RuleMeta};
use serde_json::Value;

impl Config {
    /// What is wrong with `[rules."…"]` given the rules of the run: rules and options that do not exist warn, values of a wrong type are
    /// errors.
    pub fn check_options(&self, rules: &[RuleMeta]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for option in self.layers.iter().flat_map(|layer| &layer.options) {
            let Some(rule) = rules.iter().find(|rule| rule.id == option.rule) else {
                let hint = near(&option.rule, rules.iter().map(|rule| &*rule.id)).map(|id| format!(", did you mean `{id}`?"));
                problems.push(Problem::warning(&option.origin, format!("no rule `{}`{}", option.rule, hint.unwrap_or_default())));
                continue;
            };
            let Some(spec) = rule.option(&option.name) else {
                let hint = near(&option.name, rule.options.iter().map(|spec| &*spec.name)).map(|name| format!(", did you mean `{name}`?"));
                let message = format!("rule `{}` has no option `{}`{}", rule.id, option.name, hint.unwrap_or_default());
                problems.push(Problem::warning(&option.origin, message));
                continue;
            };
            if !fits(spec, &option.value) {
                let message = format!("option `{}` of `{}` must be {}", option.name, rule.id, spec.ty);
                problems.push(Problem::error(&option.origin, message));
            }
        }
        problems
    }
}

fn fits(spec: &OptionSpec, value: &Value) -> bool {
    let scalar = |ty: &str, value: &Value| match ty {
        "bool" => value.is_boolean(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        // A type that this version does not know is for the plugin to refuse.
        _ => true,
    };
    let inner = |ty: &str, outer: &str| ty.strip_prefix(outer).and_then(|rest| rest.strip_suffix('>')).map(str::to_owned);
    if let Some(item) = inner(&spec.ty, "list<") {
        return value.as_array().is_some_and(|items| items.iter().all(|value| scalar(&item, value)));
    }
    if let Some(item) = inner(&spec.ty, "map<") {
        return value.as_object().is_some_and(|entries| entries.values().all(|value| scalar(&item, value)));
    }
    scalar(&spec.ty, value)
}
