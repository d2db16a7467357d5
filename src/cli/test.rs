//! `plimsoll test`: the examples of users' own Markdown rules.

use super::args::Test;
use super::{check, terminal};
use anyhow::{Context, bail};
use plimsoll_config::{Layer, Origin, Sourced};
use plimsoll_engine::{Engine, policies, run_examples};
use plimsoll_rulebook::Rule;
use plimsoll_verdict::Ending;
use std::path::PathBuf;

pub(crate) fn run(args: &Test) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let places: Vec<PathBuf> = if args.paths.is_empty() {
        let root = plimsoll_source::Roots::new(plimsoll_source::ConfigLookup::Closest).of(&cwd, &cwd);
        let config = root.config.as_deref().map_or_else(plimsoll_config::Config::default, |file| plimsoll_config::load(file, &root.path));
        config.rule_paths().into_iter().map(|path| root.path.join(path.value)).collect()
    } else {
        args.paths.iter().map(|path| cwd.join(path)).collect()
    };
    if places.is_empty() {
        bail!("no rules to test: name a rule or folder, or set `[rules] path` in plimsoll.toml");
    }
    let engine = Engine::new(check::cache_dir())?;
    let policies = policies(&places);
    let mut failed = !policies.errors.is_empty();
    let mut examples = 0;
    for error in &policies.errors {
        terminal::tell(&format!("error: {error}"));
    }
    let mut text = String::new();
    for rule in &policies.rules {
        // Only this rule: an example is about one, and the others are tested by their own.
        let layer = Layer { origin: Origin::CommandLine, rule_paths: vec![Sourced::command_line(rule.path.clone())], ..Layer::default() };
        let (lines, ok) = examples_of(&engine, rule, &layer);
        examples += rule.examples.len();
        text.push_str(&lines);
        failed |= !ok;
    }
    text.push_str(&format!("{} rules, {examples} examples: {}\n", policies.rules.len(), if failed { "failed" } else { "ok" }));
    terminal::print(&text)?;
    if policies.rules.is_empty() && !failed {
        return Ok(Ending::NothingMatched);
    }
    Ok(if failed { Ending::Findings } else { Ending::Clean })
}

/// Runs a rule's examples: what to print, and whether all went as they say.
pub(crate) fn examples_of(engine: &Engine, rule: &Rule, layer: &Layer) -> (String, bool) {
    let failures = run_examples(engine, rule, layer);
    let ok = failures.is_empty();
    let mut text = format!("{} {} ({} examples)\n", if ok { "ok    " } else { "FAILED" }, rule.meta.id, rule.examples.len());
    for failure in &failures {
        text.push_str(&plimsoll_report::lines(&format!("{failure}\n")));
    }
    (text, ok)
}
