//! `plimsoll config`.

use super::args::Config;
use super::{check, terminal};
use anyhow::Context;
use plimsoll_verdict::Ending;

pub(crate) fn run(args: &Config) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    if args.schema {
        let schema = plimsoll_config::schema(&check::rules(&args.rules)?);
        terminal::print(&format!("{}\n", serde_json::to_string_pretty(&schema)?))?;
        return Ok(Ending::Clean);
    }
    let start = plimsoll_source::normalise(&cwd.join(&args.path));
    let directory = if start.is_dir() { start.clone() } else { start.parent().unwrap_or(&start).to_owned() };
    let root = plimsoll_source::Roots::new(check::lookup(&args.rules, &cwd)).of(&directory, &directory);
    let config = root.config.as_deref().map_or_else(plimsoll_config::Config::default, |file| plimsoll_config::load(file, &root.path));
    let config = config.with(check::layer(&args.rules));
    let mut text = format!("root = {}\n", root.path.display());
    for setting in config.effective() {
        text.push_str(&format!("{} = {}  # {}\n", setting.key, setting.value, setting.origin));
    }
    terminal::print(&text)?;
    for problem in &config.problems {
        terminal::tell(&problem.to_string());
    }
    Ok(if config.has_errors() { Ending::Failed } else { Ending::Clean })
}
