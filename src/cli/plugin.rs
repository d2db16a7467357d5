//! `plimsoll plugin`.

use super::args::Plugin;
use super::test::examples_of;
use super::{check, terminal};
use anyhow::{Context, bail};
use plimsoll_config::{Layer, Origin, PluginSetting};
use plimsoll_engine::Engine;
use plimsoll_host::{Host, Options};
use plimsoll_rulebook::Rulebook;
use plimsoll_verdict::Ending;
use std::path::{Path, PathBuf};

pub(crate) fn run(command: &Plugin) -> anyhow::Result<Ending> {
    match command {
        Plugin::New { name } => new(name),
        Plugin::Build { directory } => {
            let component = build(directory)?;
            terminal::print(&format!("{}\n", component.display()))?;
            Ok(Ending::Clean)
        }
        Plugin::Test { directory } => test(directory),
        Plugin::Inspect { file } => inspect(file),
    }
}

fn new(name: &str) -> anyhow::Result<Ending> {
    let directory = std::env::current_dir().context("failed to find the working directory")?.join(name);
    let files = plimsoll_scaffold::new_plugin(&directory, name).with_context(|| format!("failed to start plugin `{name}`"))?;
    terminal::print(&format!("wrote {} files to {name}/\nnext: cd {name} && plimsoll plugin test\n", files.len()))?;
    Ok(Ending::Clean)
}

fn build(directory: &Path) -> anyhow::Result<PathBuf> {
    plimsoll_artefact::build_component(directory).map_err(|error| anyhow::anyhow!("failed to {error}"))
}

fn test(directory: &Path) -> anyhow::Result<Ending> {
    let component = build(directory)?;
    let component = component.canonicalize().with_context(|| format!("failed to find {}", component.display()))?;
    let engine = Engine::new(check::cache_dir())?;
    let layer = Layer {
        origin: Origin::CommandLine,
        plugins: vec![PluginSetting { origin: Origin::CommandLine, path: component, sha256: None, name: None }],
        ..Layer::default()
    };
    let book = Rulebook::load(&directory.join("rules"));
    let mut failed = !book.errors.is_empty();
    for error in &book.errors {
        terminal::tell(&format!("error: {error}"));
    }
    if book.rules.is_empty() {
        bail!("no rules in {}", directory.join("rules").display());
    }
    let mut text = String::new();
    for rule in &book.rules {
        let (lines, ok) = examples_of(&engine, rule, &layer);
        text.push_str(&lines);
        failed |= !ok;
    }
    terminal::print(&text)?;
    Ok(if failed { Ending::Findings } else { Ending::Clean })
}

fn inspect(file: &Path) -> anyhow::Result<Ending> {
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    let host = Host::new(&Options { cache: check::cache_dir(), ..Options::default() })?;
    let plugin = host.load_third_party(file, &bytes, None)?;
    let manifest = plugin.manifest();
    let mut text = format!("{} {}\n", manifest.name, manifest.version);
    for rule in manifest.rules.iter() {
        let relations = if rule.relations.is_empty() { String::new() } else { format!(" (follows {})", rule.relations.join(", ")) };
        text.push_str(&format!("  {}/{}{relations}\n", manifest.name, rule.id.rsplit('/').next().unwrap_or_default()));
    }
    terminal::print(&plimsoll_report::lines(&text))?;
    Ok(Ending::Clean)
}
