use crate::packages::ZYPPER;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

const ASKING: [&str; 10] = ["install", "in", "remove", "rm", "patch", "source-install", "si", "update", "up", "dup"];

pub fn check(run: Instruction, report: &mut Report) {
    for install in ZYPPER.actions(run, &ASKING) {
        let answered = install.command.has_any_flag(&["-n", "--non-interactive", "-y", "--no-confirm"]);
        if answered.is_false() {
            report
                .at(install.command)
                .message(format!("`zypper {}` asks, and nobody answers in a build", install.verb))
                .fix(Fix::safe("add `--no-confirm`").insert_after(install.word, "--no-confirm"));
        }
    }
}
