//! The command line: arguments, one file per command, and how a run can end.

mod args;
mod baseline;
mod check;
mod completions;
mod config;
mod first_run;
mod framework;
mod lsp;
mod merge;
mod migrate;
mod plugin;
mod record;
mod replay;
mod rule;
mod rules;
mod serve;
mod since;
mod terminal;
mod test;
mod waivers;
mod watch;

use args::{Cli, Command};
use clap::Parser;
use plimsoll_verdict::Ending;

/// Parses the command line and runs the command. Wrong usage is told by clap, with exit code 2.
pub(crate) fn run() -> Ending {
    let cli = Cli::parse();
    let terminal = &cli.terminal;
    let result = match &cli.command {
        Command::Check(args) if args.unsafe_fixes && !args.fix && !args.diff => {
            Err(anyhow::anyhow!("--unsafe-fixes says which fixes; add --fix to apply them or --diff to see them"))
        }
        Command::Check(args) if args.watch => watch::run(args, terminal),
        Command::Check(args) => check::run(args, terminal),
        Command::Baseline(args) => baseline::run(args, terminal),
        Command::Waivers(args) => waivers::run(args, terminal),
        Command::Migrate(args) => migrate::run(args),
        Command::Report(args) => framework::run(args, terminal),
        Command::Merge { files } => merge::run(files),
        Command::Rules(args) => rules::run(args),
        Command::Rule(args) => rule::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Test(args) => test::run(args),
        Command::Plugin(args) => plugin::run(args),
        Command::Lsp(args) => lsp::run(args),
        Command::Config(args) => config::run(args),
        Command::Completions { shell } => completions::shell(*shell),
        Command::Man => completions::man(),
    };
    match result {
        Ok(ending) => ending,
        Err(error) => {
            terminal::tell(&format!("error: {error:#}"));
            Ending::Failed
        }
    }
}
