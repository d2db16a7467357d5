use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        let replaces = (command.is("ln") || command.is("mv") || command.is("cp")) && command.arguments().last().is_some_and(|word| matches!(word, "/bin/sh" | "/usr/bin/sh"));
        if replaces {
            report.at(command).message("the RUN replaces `/bin/sh`; SHELL chooses the shell of a build");
        }
    }
}
