//! Results go to standard output, everything else to standard error.

use super::args::{Color, Terminal};
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

/// Whether standard output gets colours.
pub(crate) fn colored(terminal: &Terminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match terminal.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("FORCE_COLOR") || set("CLICOLOR_FORCE") => true,
        Color::Auto => std::io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|name| name != "dumb"),
    }
}

/// Whether rule ids on standard output lead to their pages: on terminals that are known to show such links. `FORCE_HYPERLINK` decides where
/// it is set; who wants no colours wants no other sequences either.
pub(crate) fn linked(terminal: &Terminal) -> bool {
    if std::env::var_os("FORCE_HYPERLINK").is_some() {
        return supports_hyperlinks::supports_hyperlinks();
    }
    let dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
    !dumb && colored(terminal) && std::io::stdout().is_terminal() && supports_hyperlinks::supports_hyperlinks()
}

/// What a run said.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    /// On standard output.
    pub(crate) out: String,
    /// On standard error, whole lines.
    pub(crate) told: String,
}

static TRANSCRIPT: Mutex<Option<Transcript>> = Mutex::new(None);

/// Remembers from now on what is said.
pub(crate) fn listen() {
    *TRANSCRIPT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Transcript::default());
}

/// What was said since [`listen`].
pub(crate) fn heard() -> Option<Transcript> {
    TRANSCRIPT.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Whether standard output and error are terminals.
pub(crate) fn kinds() -> [u8; 2] {
    [std::io::stdout().is_terminal(), std::io::stderr().is_terminal()].map(u8::from)
}

/// Writes results. A reader that went away is no error of ours (`plimsoll check | head`).
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    if let Some(transcript) = TRANSCRIPT.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        transcript.out.push_str(text);
    }
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes a line for people. If standard error is gone, nobody is there to be told.
pub(crate) fn tell(text: &str) {
    if let Some(transcript) = TRANSCRIPT.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        transcript.told.push_str(text);
        transcript.told.push('\n');
    }
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Clears a terminal's screen before the next report of a watch; elsewhere reports follow each other.
pub(crate) fn clear() -> anyhow::Result<()> {
    if std::io::stdout().is_terminal() { print("\u{1b}[2J\u{1b}[3J\u{1b}[H") } else { Ok(()) }
}

/// A progress bar on standard error, for runs that take long, on terminals only.
pub(crate) struct Progress(Option<indicatif::ProgressBar>);

/// Units of work up to which no bar is drawn: it would only flicker.
const FEW: usize = 300;

impl Progress {
    /// A bar, if `wanted` and there is a terminal to draw on.
    pub(crate) fn new(wanted: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
        let drawn = wanted && std::io::stderr().is_terminal() && !dumb && !set("CI") && !set("NO_COLOR");
        Self(drawn.then(|| {
            let style = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len} judged, {eta} left");
            indicatif::ProgressBar::new(0).with_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()))
        }))
    }

    /// Says how far the run is.
    pub(crate) fn at(&self, done: usize, all: usize) {
        if let Some(bar) = self.0.as_ref().filter(|_| all > FEW) {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
