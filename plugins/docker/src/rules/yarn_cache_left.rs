use crate::options::YarnCacheLeft;
use crate::{run, strategy};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

const CACHES: [&str; 3] = ["/usr/local/share/.cache/yarn", "/root/.yarn", "/root/.cache/yarn"];

pub fn check(run: Instruction, options: &YarnCacheLeft, report: &mut Report) {
    let mounted = run.flags().mount().any(|mount| {
        mount.type_().is_any(&["cache", "tmpfs"]) & mount.target().holds(|target| target.contains("yarn") || target.trim_end_matches('/').ends_with("/.cache"))
    });
    if !run::leaves_layer(run) || !mounted.is_false() {
        return;
    }
    let cleans = |command: Command| {
        command.is("yarn") && command.has_word("cache").is_true() && command.has_word("clean").is_true()
            || (command.is("rm") && command.arguments().any(|word| word.contains("yarn") || word.trim_end_matches('/').ends_with(".cache")))
    };
    let installs = |command: Command| command.is("yarn") && command.subcommand().is("install").is_true() && command.has_any_flag(&["--cache-folder", "--immutable"]).is_false();
    let Some((at, command)) = run.commands().iter().enumerate().filter(|(_, command)| installs(*command)).last() else { return };
    if run::later(run, at, cleans).is_false() && strategy::is_cleanup(&options.strategy, run, &CACHES) {
        report
            .at(command)
            .message("`yarn install` leaves its cache in the layer")
            .fix(Fix::safe("clean the cache in the same RUN").insert_after(command, "yarn cache clean"));
    }
}
