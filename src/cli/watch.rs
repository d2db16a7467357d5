//! `check --watch`.

use super::args::{Check, Terminal};
use super::{check, terminal};
use anyhow::Context;
use notify::{EventKind, RecursiveMode, Watcher};
use plimsoll_verdict::Ending;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Time without a further change after which a change counts as done: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(80);

/// Judges, and judges again whenever something below the working directory changes. Ends when it is interrupted, or when watching fails.
pub(crate) fn run(args: &Check, out: &Terminal) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let (send, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
            && event.paths.iter().any(|path| matters(path))
        {
            let _ = send.send(());
        }
    })
    .context("failed to watch files")?;
    watcher.watch(&cwd, RecursiveMode::Recursive).with_context(|| format!("failed to watch {}", cwd.display()))?;
    loop {
        if let Err(error) = check::judge(args, out) {
            terminal::tell(&format!("error: {error:#}"));
        }
        terminal::tell("watching for changes; Ctrl-C ends it");
        if changes.recv().is_err() {
            return Ok(Ending::Failed);
        }
        while changes.recv_timeout(QUIET).is_ok() {}
        terminal::clear()?;
    }
}

/// Git's own files and dependencies change all the time, and are not judged.
fn matters(path: &Path) -> bool {
    !path.iter().any(|part| [".git", "node_modules", ".terraform", "target", ".cache"].iter().any(|name| part == *name))
}
