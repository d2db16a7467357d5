//! `plimsoll lsp`.

use super::args::Lsp;
use super::check;
use anyhow::Context;
use plimsoll_lsp::{Ending as Served, Options};
use plimsoll_verdict::Ending;

pub(crate) fn run(args: &Lsp) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let options = Options {
        cache: check::cache_dir(),
        lookup: check::lookup(&args.rules, &cwd),
        layer: check::layer(&args.rules),
        trust: args.trust_fixes.clone(),
        today: plimsoll_verdict::today,
    };
    match plimsoll_lsp::stdio(options).context("failed to serve the editor")? {
        Served::Asked => Ok(Ending::Clean),
        // As the protocol wants it of a server that was not told to shut down.
        Served::Lost => Ok(Ending::Findings),
    }
}
