use crate::options::ZypperCacheLeft;
use crate::packages::ZYPPER;
use crate::{run, strategy};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

const CACHE: &str = "/var/cache/zypp";

pub fn check(run: Instruction, options: &ZypperCacheLeft, report: &mut Report) {
    let cleans = |command: Command| {
        run::removes(command, CACHE) || ZYPPER.action(command).is_some_and(|action| matches!(action.verb, "clean" | "cc"))
    };
    let Some(last) = ZYPPER.installs(run).last() else { return };
    let left = run::leaves_layer(run) && run::mounts_over(run, &[CACHE]).is_false() && run::later(run, last.at, cleans).is_false();
    if left && strategy::is_cleanup(&options.strategy, run, &[CACHE]) {
        report
            .at(last.command)
            .message(format!("`zypper {}` leaves its cache in the layer", last.verb))
            .fix(Fix::safe("clean the cache in the same RUN").insert_after(last.command, "zypper clean -a"));
    }
}
