use crate::options::AptListsLeft;
use crate::packages::APT;
use crate::{run, strategy};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

const LISTS: &str = "/var/lib/apt/lists";

pub fn check(run: Instruction, options: &AptListsLeft, report: &mut Report) {
    let Some(last) = APT.actions(run, &["update", "install"]).last() else { return };
    let cleans = |command: Command| run::removes(command, LISTS) || APT.action(command).is_some_and(|action| matches!(action.verb, "dist-clean" | "distclean"));
    let left = run::leaves_layer(run) && run::mounts_over(run, &[LISTS]).is_false() && run::later(run, last.at, cleans).is_false();
    if left && strategy::is_cleanup(&options.strategy, run, &[LISTS]) {
        report
            .at(last.command)
            .message(format!("`{} {}` leaves the package lists of {LISTS} in the layer", last.command.name().known().unwrap_or("apt-get"), last.verb))
            .fix(Fix::safe("remove the package lists in the same RUN").insert_after(last.command, format!("rm -rf {LISTS}/*")));
    }
}
