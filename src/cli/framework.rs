//! `plimsoll report --framework NAME`: a framework's controls beside what was found.

use super::args::{FrameworkFormat as Arg, Report, Terminal};
use super::{check, terminal};
use anyhow::{Context, bail};
use plimsoll_config::Sourced;
use plimsoll_engine::{Engine, Outcome, Request};
use plimsoll_finding::{Finding, RuleMeta};
use plimsoll_report::{ControlResult, FrameworkFormat, FrameworkReport, Status, print_framework};
use plimsoll_verdict::{Catalogue, Ending};
use std::collections::BTreeSet;
use toml_edit::DocumentMut;

/// The frameworks that come with the binary.
pub(crate) const FRAMEWORKS: [(&str, &str); 6] = [
    ("cis-docker", include_str!("../../rules/frameworks/cis-docker.toml")),
    ("cis-kubernetes", include_str!("../../rules/frameworks/cis-kubernetes.toml")),
    ("nsa", include_str!("../../rules/frameworks/nsa.toml")),
    ("pss", include_str!("../../rules/frameworks/pss.toml")),
    ("nist-800-190", include_str!("../../rules/frameworks/nist-800-190.toml")),
    ("soc2", include_str!("../../rules/frameworks/soc2.toml")),
];

struct Control {
    id: String,
    title: String,
    manual: bool,
    strength: String,
    /// Ids of the rules that can show something of it.
    rules: BTreeSet<String>,
}

pub(crate) fn run(args: &Report, out: &Terminal) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let Some((id, text)) = FRAMEWORKS.iter().find(|(name, _)| *name == args.framework) else {
        bail!("no framework `{}`, expected {}", args.framework, FRAMEWORKS.map(|(name, _)| name).join(", "));
    };
    let rules = check::rules(&args.rules)?;
    let document: DocumentMut = text.parse().with_context(|| format!("failed to read framework {id}"))?;
    let controls = controls(id, &document, &rules)?;
    let mut layer = check::layer(&args.rules);
    // Whatever profile a project uses; what it switched off by name stays off, and is seen as that.
    layer.select = Some(vec![Sourced::command_line("ALL".to_owned())]);
    let request =
        Request { paths: &args.paths, layer, organisation: check::organisation(&args.rules, &cwd)?, ..check::request(&args.rules, &cwd) };
    let outcome = Engine::new(check::cache_dir())?.check(&request);
    let word = |key: &str| document.get(key).and_then(|item| item.as_str()).unwrap_or_default().to_owned();
    let report = FrameworkReport {
        id: (*id).to_owned(),
        title: word("title"),
        about: word("about"),
        judged: outcome.judged,
        incomplete: outcome.notices.iter().any(|notice| notice.incomplete),
        controls: controls.iter().map(|control| judge(control, &rules, &outcome)).collect(),
    };
    let format = match args.format {
        Arg::Markdown => FrameworkFormat::Markdown,
        Arg::Html => FrameworkFormat::Html,
        Arg::Json => FrameworkFormat::Json,
        Arg::Csv => FrameworkFormat::Csv,
    };
    terminal::print(&print_framework(&report, format))?;
    check::complain(&outcome);
    if !out.quiet {
        for notice in outcome.notices.iter().filter(|notice| notice.incomplete) {
            let at = notice.at.as_ref().map_or_else(String::new, |at| format!("{}:{}: ", at.path, at.range.start.line));
            terminal::tell(&plimsoll_report::control(&format!("{at}{}", notice.message)));
        }
    }
    let ending = check::ending_of(&outcome, false);
    let fails = report.controls.iter().any(|control| control.status == Status::Fail);
    Ok(if ending == Ending::Clean && fails && args.fail { Ending::Findings } else { ending })
}

/// The framework's controls with their rules: those that name the control (or are its alias), and those that the framework selects.
fn controls(framework: &str, document: &DocumentMut, rules: &[RuleMeta]) -> anyhow::Result<Vec<Control>> {
    let catalogue = Catalogue::new(rules);
    let mut controls: Vec<Control> = vec![];
    for table in document.get("control").and_then(|item| item.as_array_of_tables()).into_iter().flatten() {
        let word = |key: &str| table.get(key).and_then(|item| item.as_str()).map(str::to_owned);
        let id = word("id").context("a control has no `id`")?;
        let named = format!("{framework}:{id}");
        let names = |rule: &&RuleMeta| rule.controls.iter().chain(rule.aliases.iter()).any(|name| **name == *named);
        let mut own: BTreeSet<String> = rules.iter().filter(names).map(|rule| rule.id.to_string()).collect();
        for selector in table.get("rules").and_then(|item| item.as_array()).into_iter().flatten().filter_map(|value| value.as_str()) {
            let selected = catalogue.select(selector).with_context(|| format!("{framework} {id}: no rule is named by `{selector}`"))?;
            own.extend(selected.rules.iter().map(|index| rules[*index].id.to_string()));
        }
        controls.push(Control {
            title: word("title").unwrap_or_default(),
            manual: table.get("manual").and_then(toml_edit::Item::as_bool) == Some(true),
            strength: word("strength").unwrap_or_else(|| "full".to_owned()),
            rules: own,
            id,
        });
    }
    // Controls that only rules know stand in the rules' own words.
    for rule in rules {
        for id in rule.controls.iter().filter_map(|name| name.strip_prefix(&format!("{framework}:"))) {
            if let Some(known) = controls.iter_mut().find(|control| control.id == id) {
                known.rules.insert(rule.id.to_string());
            } else {
                let (id, title) = (id.to_owned(), format!("Not found: {}", rule.title.to_lowercase()));
                controls.push(Control {
                    id,
                    title,
                    manual: false,
                    strength: "full".to_owned(),
                    rules: BTreeSet::from([rule.id.to_string()]),
                });
            }
        }
    }
    controls.sort_by_key(|control| {
        control.id.split('.').map(|part| (part.parse::<u32>().unwrap_or(u32::MAX), part.to_owned())).collect::<Vec<_>>()
    });
    Ok(controls)
}

fn judge<'o>(control: &Control, rules: &[RuleMeta], outcome: &'o Outcome) -> ControlResult<'o> {
    let about = |finding: &&Finding| control.rules.contains(&*finding.rule);
    let active: Vec<&Finding> = outcome.findings.iter().filter(about).collect();
    let waived: Vec<&Finding> = outcome.waived.iter().filter(about).collect();
    let target = |id: &str| rules.iter().find(|rule| *rule.id == *id).map(|rule| rule.target.to_string()).unwrap_or_default();
    let judged = |id: &&String| outcome.targets.get(target(id).as_str()).is_some_and(|units| *units > 0);
    let ran: Vec<String> =
        control.rules.iter().filter(|id| outcome.rules.iter().any(|rule| *rule.id == ***id)).filter(judged).cloned().collect();
    let status = if !active.is_empty() {
        Status::Fail
    } else if !waived.is_empty() {
        Status::Waived
    } else if control.manual {
        Status::Manual
    } else if control.rules.is_empty() {
        Status::NotCovered
    } else if !control.rules.iter().any(|id| judged(&id)) {
        Status::NotApplicable
    } else if ran.is_empty() {
        Status::NotCovered
    } else {
        Status::Pass
    };
    ControlResult {
        id: control.id.clone(),
        title: control.title.clone(),
        status,
        strength: control.strength.clone(),
        rules: ran,
        findings: active.into_iter().chain(waived).collect(),
    }
}
