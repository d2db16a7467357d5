use crate::options::PipCacheLeft;
use crate::packages::pip_installs;
use crate::run::{self, stage_of};
use crate::strategy;
use plimsoll_sdk::docker::{Fix, Instruction, Pair, Report, Truth};

const CACHES: [&str; 2] = ["/root/.cache/pip", "/root/.cache"];
const VARIABLE: &str = "PIP_NO_CACHE_DIR";

pub fn check(run: Instruction, options: &PipCacheLeft, report: &mut Report) {
    if !run::leaves_layer(run) || !run::mounts_over(run, &CACHES).is_false() || mounts_pip(run) || is_off(run) {
        return;
    }
    for install in pip_installs(run) {
        let command = install.command;
        let inline = command.assignments().iter().any(|pair| pair.key().is(VARIABLE).is_true() && is_on(pair));
        let removed = run::later(run, install.at, |command| {
            run::removes(command, "/root/.cache/pip")
                || run::removes(command, "~/.cache/pip")
                || (command.has_word("cache").is_true() && command.has_word("purge").is_true())
        });
        let said = command.has_any_flag(&["--no-cache-dir", "--cache-dir"]);
        if strategy::is_cleanup(&options.strategy, run, &CACHES) && said.is_false() && removed.is_false() && !inline {
            report
                .at(command)
                .message("`pip install` without `--no-cache-dir` leaves what it downloaded in the layer")
                .fix(Fix::safe("install with `--no-cache-dir`").insert_after(install.word, "--no-cache-dir"));
        }
    }
}

/// Whether a cache of pip's is mounted, wherever the user's home is.
fn mounts_pip(run: Instruction) -> bool {
    let ends = |target: &str| target.trim_end_matches('/').ends_with(".cache/pip") || target.trim_end_matches('/').ends_with("/.cache");
    !run.flags().mount().any(|mount| mount.type_().is_any(&["cache", "tmpfs"]) & mount.target().holds(ends)).is_false()
}

/// Whether the environment of the stage at this point switches the cache off.
fn is_off(run: Instruction) -> bool {
    let Some(stage) = stage_of(run) else { return false };
    let sets = |instruction: Instruction| {
        (instruction.is("ENV") || instruction.is("ARG")) && instruction.pairs().iter().any(|pair| pair.key().is(VARIABLE).is_true() && is_on(pair))
    };
    let here = stage.instructions().iter().filter(|other| other.span().start < run.span().start).any(sets);
    here || stage.facts().parents().iter().any(|parent| parent.instructions().iter().any(sets))
        || run.commands().iter().any(|command| command.is("export") && command.words().iter().any(|word| word.starts_with(VARIABLE)))
}

/// pip takes any value but these for a yes; one that cannot be told may be one.
fn is_on(pair: Pair) -> bool {
    pair.value().holds(|value| !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "off" | "no")) != Truth::False
}
