use crate::options::PipCacheLeft;
use crate::packages::pip_installs;
use crate::{run, strategy};
use plimsoll_sdk::docker::{Fix, Instruction, Pair, Report, Stage};

const CACHES: [&str; 2] = ["/root/.cache/pip", "/root/.cache"];

pub fn check(run: Instruction, options: &PipCacheLeft, report: &mut Report) {
    if !run::leaves_layer(run) || !run::mounts_over(run, &CACHES).is_false() || mounts_pip(run) || moves_home(run) {
        return;
    }
    for install in pip_installs(run) {
        let command = install.command;
        let removed = run::later(run, install.at, |command| {
            run::removes(command, "/root/.cache/pip")
                || run::removes(command, "~/.cache/pip")
                || (command.has_word("cache").is_true() && command.has_word("purge").is_true())
        });
        let said = command.has_any_flag(&["--no-cache-dir", "--cache-dir"]);
        if strategy::is_cleanup(&options.strategy, run, &CACHES) && said.is_false() && removed.is_false() && !strategy::pip_keeps_nothing(run, command) {
            report
                .at(command)
                .message("`pip install` without `--no-cache-dir` leaves what it downloaded in the layer")
                .fix(Fix::safe("install with `--no-cache-dir`").insert_after(install.word, "--no-cache-dir"));
        }
    }
}

/// Whether HOME was set before: the cache is elsewhere then, and in a home of another user pip switches it off by itself.
fn moves_home(run: Instruction) -> bool {
    let before = |env: &Instruction| env.span().start < run.span().start;
    let moves = |pair: Pair| pair.key().is("HOME").is_true() && !pair.value().is("/root").is_true();
    let sets = |stage: Stage| stage.each("ENV").filter(before).flat_map(|env| env.pairs().iter()).any(moves);
    run::stage_of(run).is_some_and(|stage| sets(stage) || stage.facts().parents().iter().any(sets))
}

/// Whether a cache of pip's is mounted, wherever the user's home is.
fn mounts_pip(run: Instruction) -> bool {
    let ends = |target: &str| target.trim_end_matches('/').ends_with(".cache/pip") || target.trim_end_matches('/').ends_with("/.cache");
    !run.flags().mount().any(|mount| mount.type_().is_any(&["cache", "tmpfs"]) & mount.target().holds(ends)).is_false()
}
