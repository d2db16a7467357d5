//! Shell completions and the manual page, from the same definitions that parse the command line.

use super::args::Cli;
use super::terminal;
use clap::CommandFactory;
use plimsoll_verdict::Ending;

/// Prints the completions of a shell.
pub(crate) fn shell(shell: clap_complete::Shell) -> anyhow::Result<Ending> {
    let mut text = vec![];
    clap_complete::generate(shell, &mut Cli::command(), "plimsoll", &mut text);
    terminal::print(&String::from_utf8(text)?)?;
    Ok(Ending::Clean)
}

/// Prints the manual page, commands included.
pub(crate) fn man() -> anyhow::Result<Ending> {
    let mut text = vec![];
    let mut root = Cli::command();
    root.build();
    clap_mangen::Man::new(root.clone()).render(&mut text)?;
    for command in root.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help") {
        let name = format!("plimsoll {}", command.get_name());
        let page = clap_mangen::Man::new(command.clone().bin_name(&name).display_name(name));
        page.render_description_section(&mut text)?;
        page.render_options_section(&mut text)?;
    }
    terminal::print(&String::from_utf8(text)?)?;
    Ok(Ending::Clean)
}
