//! A rule's examples, judged as a user's own files would be: in a folder, by the whole engine.

use crate::run::{Engine, Request};
use plimsoll_config::{Layer, Origin, Sourced};
use plimsoll_finding::{Applicability, Notice, NoticeKind};
use plimsoll_rulebook::examples::{Failure, Judged, judge_examples};
use plimsoll_rulebook::{Example, Rule};
use plimsoll_source::ConfigLookup;
use std::path::Path;

/// Runs every example of a rule; `layer` says where else its plugin or Markdown comes from.
pub fn run_examples(engine: &Engine, rule: &Rule, layer: &Layer) -> Vec<Failure> {
    judge_examples(rule, |example, level| judge(engine, rule, example, level, layer).map_err(|error| format!("{error:#}")))
}

fn judge(engine: &Engine, rule: &Rule, example: &Example, level: Option<Applicability>, layer: &Layer) -> std::io::Result<Judged> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?;
    write(&root, "plimsoll.toml", example.settings.as_deref().unwrap_or_default())?;
    for file in &example.files {
        write(&root, &file.name, &file.text)?;
    }
    let request = |fix| Request {
        cwd: &root,
        paths: &[],
        stdin: None,
        lookup: ConfigLookup::Closest,
        layer: Layer { origin: Origin::CommandLine, select: Some(vec![Sourced::command_line(rule.meta.id.to_string())]), ..layer.clone() },
        trust: vec![rule.meta.plugin.to_string()],
        fix,
        waivers: true,
        today: plimsoll_verdict::today(),
        threads: 1,
        alone: false,
        cache: None,
        shard: None,
        progress: None,
        organisation: None,
        since: None,
    };
    let found = engine.check(&request(None));
    let mut judged = Judged::default();
    for finding in found.findings.iter().filter(|finding| *finding.rule == rule.meta.id) {
        judged.findings.push((finding.at.path.to_string(), finding.at.range.start.line, finding.message.clone()));
    }
    judged.notices.extend(found.errors);
    // A rule about what cannot be read points at the same line as the notice that says so.
    let is_judged = |notice: &Notice| {
        let at = notice.at.as_ref().filter(|_| notice.kind == NoticeKind::Parse);
        at.is_some_and(|at| judged.findings.iter().any(|(path, line, _)| *path == *at.path && *line == at.range.start.line))
    };
    let notices: Vec<String> =
        found.notices.iter().filter(|notice| notice.incomplete && !is_judged(notice)).map(|notice| notice.message.clone()).collect();
    judged.notices.extend(notices);
    if level.is_some() {
        let fixed = engine.check(&request(level));
        judged.fixed = Some(fixed.changes.iter().map(|change| (change.shown.to_string(), change.new.to_string())).collect());
    }
    Ok(judged)
}

fn write(root: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let path = root.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, text)
}
