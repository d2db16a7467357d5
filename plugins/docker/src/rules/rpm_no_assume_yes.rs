use crate::packages::RPM;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for install in RPM.actions(run, &["install", "in", "groupinstall", "localinstall", "reinstall", "rei"]) {
        let command = install.command;
        let name = command.name().known().unwrap_or("dnf");
        let answered = command.has_any_flag(&["-y", "--assumeyes", "--assumeno", "--downloadonly"]) | command.words().any(|word| word.contains("assumeyes"));
        let piped = command.operator().is_any(&["|", "|&"]);
        if (answered | piped).is_false() {
            report
                .at(command)
                .message(format!("`{name} {}` without `-y` asks, and nobody answers in a build", install.verb))
                .fix(Fix::safe("add `-y`").insert_after(install.word, "-y"));
        }
    }
}
