//! A rule's examples, judged as a user's own files would be: in a folder, by the whole engine.

use crate::run::{Engine, Request};
use plimsoll_config::{Layer, Origin, Sourced};
use plimsoll_finding::{Applicability, Notice, NoticeKind};
use plimsoll_rulebook::examples::{Failure, Judged, judge_examples};
use plimsoll_rulebook::{Example, ExampleFile, Rule};
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
    judged.notices.extend(unexpected(example, found.notices.iter().filter(|notice| notice.incomplete)));
    if level.is_some() {
        let fixed = engine.check(&request(level));
        judged.fixed = Some(fixed.changes.iter().map(|change| (change.shown.to_string(), change.new.to_string())).collect());
    }
    Ok(judged)
}

/// What could not be read and was to be, and what was read and was not to be.
fn unexpected<'n>(example: &Example, notices: impl Iterator<Item = &'n Notice>) -> Vec<String> {
    let lines = |file: &ExampleFile| file.unread.iter().map(|line| (file.name.clone(), *line)).collect::<Vec<_>>();
    let mut expected: Vec<(String, u32)> = example.files.iter().flat_map(lines).collect();
    let mut out = vec![];
    for notice in notices {
        let at = notice.at.as_ref().filter(|_| notice.kind == NoticeKind::Parse);
        let place = at.and_then(|at| expected.iter().position(|(name, line)| **name == *at.path && *line == at.range.start.line));
        match place {
            Some(place) => _ = expected.remove(place),
            None => out.push(notice.message.clone()),
        }
    }
    out.extend(expected.into_iter().map(|(name, line)| format!("line {line} of {name} can be read, against `unread={line}`")));
    out
}

fn write(root: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let path = root.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, text)
}
