//! What somebody reads who runs this in a repository for the first time.

use super::args::Check;
use super::terminal;
use plimsoll_engine::Outcome;
use plimsoll_source::{ConfigLookup, Roots};
use std::path::Path;

/// Three lines: what was judged, by which rules, what to do next. Only where nobody has configured anything, on the command line or in a file.
pub(crate) fn tell(args: &Check, cwd: &Path, outcome: &Outcome) {
    let rules = &args.rules;
    let chosen = !rules.select.is_empty() || !rules.extend_select.is_empty() || !rules.ignore.is_empty() || rules.config.is_some();
    let wanted =
        args.fix || args.diff || args.statistics || args.baseline.is_some() || args.since.is_some() || args.stdin_filename.is_some();
    let configured = Roots::new(ConfigLookup::Closest).of(cwd, cwd).config.is_some();
    if chosen || wanted || configured || rules.isolated || rules.org_config.is_some() || outcome.files == 0 {
        return;
    }
    let kinds: Vec<String> =
        outcome.targets.iter().filter(|(_, units)| **units > 0).map(|(target, units)| format!("{units} {target}")).collect();
    let ran = outcome.rules.iter().filter(|rule| &*rule.plugin != "plimsoll").count();
    let units: usize = outcome.targets.values().sum();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (units, files) = (plural(units), plural(outcome.files));
    terminal::tell(&format!("judged: {} unit{units} in {} file{files}", kinds.join(", "), outcome.files));
    terminal::tell(&format!("by: the {ran} rules of profile recommended; `--select profile:strict` runs more, `--explain RULE` says why"));
    terminal::tell(if outcome.findings.is_empty() {
        "next: keep it so with `plimsoll check` in CI; settings go into plimsoll.toml"
    } else {
        "next: `plimsoll check --fix` mends what is safe, `plimsoll baseline` lets only new findings fail; settings go into plimsoll.toml"
    });
}
