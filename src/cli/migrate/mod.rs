//! `plimsoll migrate`: the peers' settings as a `plimsoll.toml`. What cannot be carried over is said, by file and line.

mod checkov;
mod dclint;
mod draft;
mod hadolint;
mod kics;
mod kube_linter;
mod source;
mod tally;
mod trivy;

use super::args::Migrate;
use super::{check, terminal};
use anyhow::{Context, bail};
use draft::Draft;
use plimsoll_verdict::{Catalogue, Ending};
use source::Source;
use std::path::PathBuf;

type Read = fn(&Source, &mut Draft);

/// Who reads what, by file name; those without a name are looked for in this order.
const READERS: [(&str, Read); 18] = [
    (".hadolint.yaml", hadolint::read),
    (".hadolint.yml", hadolint::read),
    ("hadolint.yaml", hadolint::read),
    (".trivyignore", trivy::read_ignore),
    (".trivyignore.yaml", trivy::read_ignore_yaml),
    ("trivy.yaml", trivy::read_settings),
    (".checkov.yaml", checkov::read),
    (".checkov.yml", checkov::read),
    (".kube-linter.yaml", kube_linter::read),
    (".kube-linter.yml", kube_linter::read),
    ("kics.config", kics::read),
    ("kics.yaml", kics::read),
    (".dclintrc", dclint::read),
    (".dclintrc.json", dclint::read),
    (".dclintrc.yaml", dclint::read),
    (".dclintrc.yml", dclint::read),
    (".tally.toml", tally::read),
    ("tally.toml", tally::read),
];

pub(crate) fn run(args: &Migrate) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let files: Vec<PathBuf> = if args.files.is_empty() {
        READERS.iter().map(|(name, _)| PathBuf::from(name)).filter(|name| cwd.join(name).is_file()).collect()
    } else {
        args.files.clone()
    };
    if files.is_empty() {
        let names: Vec<&str> = READERS.iter().map(|(name, _)| *name).collect();
        terminal::tell(&format!("nothing to migrate here; looked for {}", names.join(", ")));
        return Ok(Ending::NothingMatched);
    }
    let target = cwd.join(&args.output);
    if target.exists() && !args.stdout && !args.force {
        bail!("{} exists; --stdout prints what would be written, --force writes it anew", args.output.display());
    }
    let rules = check::rules(&args.rules)?;
    let catalogue = Catalogue::new(&rules);
    let mut draft = Draft::new(&catalogue, &rules);
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((_, read)) = READERS.iter().find(|(known, _)| *known == name) else {
            bail!("{}: not a settings file of hadolint, Trivy, Checkov, kube-linter, KICS, dclint or tally by its name", file.display());
        };
        let text = std::fs::read_to_string(cwd.join(file)).with_context(|| format!("failed to read {}", file.display()))?;
        let source = Source::parse(&file.display().to_string(), &text)?;
        draft.from(&source);
        read(&source, &mut draft);
    }
    let text = draft.to_toml();
    if args.stdout {
        terminal::print(&text)?;
    } else {
        plimsoll_engine::write(&target, &text).with_context(|| format!("failed to write {}", args.output.display()))?;
        terminal::tell(&format!("wrote {} from {}", args.output.display(), draft.sources().join(", ")));
    }
    for line in draft.left() {
        terminal::tell(&plimsoll_report::control(line));
    }
    Ok(Ending::Clean)
}
