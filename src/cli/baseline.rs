//! `plimsoll baseline`, and `check --baseline`.

use super::args::{Baseline as Args, Check, Terminal};
use super::{check, terminal};
use anyhow::{Context, bail};
use plimsoll_engine::{Engine, Outcome, Request};
use plimsoll_verdict::{Applied, Baseline, Ending};
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Args, out: &Terminal) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let file = cwd.join(&args.output);
    if file.exists() && !args.force {
        bail!("{} exists; `plimsoll check --baseline {0} --update-baseline` shrinks it, --force writes it anew", args.output.display());
    }
    let request =
        Request { paths: &args.paths, organisation: check::organisation(&args.rules, &cwd)?, ..check::request(&args.rules, &cwd) };
    let outcome = Engine::new(check::cache_dir())?.check(&request);
    let ending = check::ending_of(&outcome, args.allow_incomplete);
    check::complain(&outcome);
    if matches!(ending, Ending::Failed | Ending::NothingMatched) {
        return Ok(ending);
    }
    if ending == Ending::Incomplete {
        terminal::tell(
            "error: not everything could be judged, so nothing was written: what was missed would be new later; --allow-incomplete writes it all the same",
        );
        return Ok(ending);
    }
    let baseline = Baseline::of(outcome.findings.iter(), &|path| Place::of(&file, &cwd).word(path));
    write(&file, &baseline)?;
    if !out.quiet {
        terminal::tell(&format!(
            "{} findings written to {}; `plimsoll check --baseline {1}` passes over them",
            baseline.len(),
            args.output.display()
        ));
    }
    Ok(Ending::Clean)
}

/// Waives what a baseline holds, and shrinks it if that was asked for.
pub(crate) fn apply(args: &Check, file: &Path, cwd: &Path, outcome: &mut Outcome, quiet: bool) -> anyhow::Result<()> {
    let absolute = cwd.join(file);
    let text = std::fs::read_to_string(&absolute).with_context(|| format!("failed to read the baseline {}", file.display()))?;
    let known = Baseline::parse(&text).with_context(|| format!("failed to read the baseline {}", file.display()))?;
    let place = Place::of(&absolute, cwd);
    let looked_at: std::collections::BTreeSet<String> = outcome.looked_at.iter().map(|path| place.word(path)).collect();
    // What an organisation locks stays what it is, whatever a repository wrote down.
    let locked = outcome.locked.clone();
    let (held, free): (Vec<_>, Vec<_>) =
        std::mem::take(&mut outcome.findings).into_iter().partition(|finding| locked.contains(&finding.rule));
    outcome.findings = free;
    let Applied { gone, mut remaining, .. } =
        known.apply(&mut outcome.findings, &|path| place.word(path), &|path| place.directory.join(path).is_file(), &|path| {
            looked_at.contains(path)
        });
    outcome.findings.extend(held);
    outcome.sort_out();
    if !args.update_baseline {
        if gone > 0 && !quiet {
            terminal::tell(&format!("{gone} findings of the baseline are gone; --update-baseline takes them out"));
        }
        return Ok(());
    }
    if outcome.notices.iter().any(|notice| notice.incomplete) && !args.allow_incomplete {
        bail!("the baseline was left as it is: not everything could be judged, and what was missed would be taken for mended");
    }
    let new = Baseline::of(outcome.findings.iter(), &|path| place.word(path));
    if args.force && outcome.locked.is_empty() {
        remaining.join(new);
        outcome.findings.iter_mut().for_each(|finding| finding.state = plimsoll_verdict::baselined());
        outcome.sort_out();
    } else if !new.is_empty() {
        terminal::tell(&format!("{} new findings were not put into the baseline; mend or waive them, or use --force", new.len()));
    }
    write(&absolute, &remaining)?;
    if !quiet {
        terminal::tell(&format!("baseline: {} findings before, {} now", known.len(), remaining.len()));
    }
    Ok(())
}

fn write(file: &Path, baseline: &Baseline) -> anyhow::Result<()> {
    plimsoll_engine::write(file, &baseline.to_text()).with_context(|| format!("failed to write {}", file.display()))
}

/// How a baseline words paths: relative to its own folder, so that it holds wherever the run is started from.
struct Place {
    directory: PathBuf,
    cwd: PathBuf,
}

impl Place {
    fn of(file: &Path, cwd: &Path) -> Self {
        let directory = plimsoll_source::normalise(file).parent().unwrap_or(cwd).to_owned();
        Self { directory, cwd: cwd.to_owned() }
    }

    fn word(&self, path: &str) -> String {
        let absolute = self.cwd.join(path);
        absolute.strip_prefix(&self.directory).unwrap_or(&absolute).to_string_lossy().replace('\\', "/")
    }
}
