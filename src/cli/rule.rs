//! `plimsoll rule ID`.

use super::args::{ListFormat, Rule, Selection};
use super::{check, rules, terminal};
use anyhow::bail;
use plimsoll_finding::RuleMeta;
use plimsoll_verdict::{Catalogue, Ending};
use serde_json::Map;

pub(crate) fn run(args: &Rule) -> anyhow::Result<Ending> {
    explain(&args.id, args.format, &args.rules)
}

/// Prints the page of a rule, or of the rules that a peer's id stands for.
pub(crate) fn explain(id: &str, format: ListFormat, selection: &Selection) -> anyhow::Result<Ending> {
    let all = check::rules(selection)?;
    let catalogue = Catalogue::new(&all);
    let Some(selected) = catalogue.cover(id) else {
        match catalogue.near(id) {
            Some(near) => bail!("no rule `{id}`, did you mean `{near}`?"),
            None => bail!("no rule `{id}`; `plimsoll rules` lists them"),
        }
    };
    let found: Vec<&RuleMeta> = selected.iter().map(|index| &all[*index]).collect();
    let text = match format {
        ListFormat::Json => {
            let list: Vec<_> = found
                .iter()
                .map(|rule| {
                    let mut value = rules::value(rule);
                    value["doc"] = (&*rule.doc).into();
                    value["options"] =
                        rule.options.iter().map(|option| (option.name.to_string(), rules::option(option))).collect::<Map<_, _>>().into();
                    value
                })
                .collect();
            format!("{}\n", serde_json::to_string_pretty(&list)?)
        }
        ListFormat::Text => found.iter().map(|rule| page(rule)).collect::<Vec<_>>().join("\n"),
    };
    terminal::print(&text)?;
    Ok(Ending::Clean)
}

fn page(rule: &RuleMeta) -> String {
    let mut out = format!("# {}: {}\n\n", rule.id, rule.title);
    out.push_str(&format!(
        "severity {}, profile {}, fix {}{}\n\n",
        rule.severity,
        rule.profile.name(),
        rules::fix(rule),
        if rule.since.is_empty() { String::new() } else { format!(", since {}", rule.since) }
    ));
    out.push_str(rule.doc.trim());
    out.push('\n');
    for (title, list) in [("Same as", &rule.aliases), ("Near", &rule.related), ("Controls", &rule.controls)] {
        if !list.is_empty() {
            out.push_str(&format!("\n{title}: {}\n", list.join(", ")));
        }
    }
    if !rule.options.is_empty() {
        out.push_str(&format!("\nOptions, under [rules.\"{}\"] in plimsoll.toml:\n", rule.id));
        for option in rule.options.iter() {
            out.push_str(&format!("- `{}` ({}, default `{}`): {}\n", option.name, option.ty, option.default, option.doc));
        }
    }
    plimsoll_report::lines(&out)
}
