use crate::options::AptListsLeft;
use crate::packages::APT;
use crate::run::{self, stage_of};
use crate::strategy;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

const LISTS: &str = "/var/lib/apt/lists";

pub fn check(run: Instruction, options: &AptListsLeft, report: &mut Report) {
    let Some(last) = APT.actions(run, &["update", "install"]).last() else { return };
    let cleans = |command: Command| run::removes(command, LISTS) || APT.action(command).is_some_and(|action| matches!(action.verb, "dist-clean" | "distclean"));
    let left = run::leaves_layer(run) && run::mounts_over(run, &[LISTS]).is_false() && run::later(run, last.at, cleans).is_false();
    if left && strategy::is_cleanup(&options.strategy, run, &[LISTS]) {
        let draft = report
            .at(last.command)
            .message(format!("`{} {}` leaves the package lists of {LISTS} in the layer", last.command.name().known().unwrap_or("apt-get"), last.verb));
        if !needed_later(run) {
            draft.fix(Fix::safe("remove the package lists in the same RUN").insert_after(last.command, format!("rm -rf {LISTS}/*")));
        }
    }
}

/// Whether a later RUN of the stage installs from the lists that this one leaves, before it refreshes them.
fn needed_later(run: Instruction) -> bool {
    let Some(stage) = stage_of(run) else { return true };
    let later = stage.each("RUN").filter(|other| other.span().start > run.span().start);
    let verbs: Vec<&str> = APT.installs.iter().copied().chain(["update"]).collect();
    later.flat_map(|other| APT.actions(other, &verbs).map(|action| action.verb).collect::<Vec<_>>()).next().is_some_and(|verb| verb != "update")
}
