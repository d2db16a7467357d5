//! Results go to standard output, everything else to standard error.

use super::args::{Color, Terminal};
use std::io::{IsTerminal, Write};

/// Whether standard output gets colours.
pub(crate) fn colored(terminal: &Terminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match terminal.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("FORCE_COLOR") || set("CLICOLOR_FORCE") => true,
        Color::Auto => std::io::stdout().is_terminal(),
    }
}

/// Writes results. A reader that went away is no error of ours (`plimsoll check | head`).
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes a line for people. If standard error is gone, nobody is there to be told.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
