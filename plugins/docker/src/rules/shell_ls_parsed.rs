use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("ls")) {
        if command.piped().is(true).is_true() || command.operator().is_any(&["$(", "`"]).is_true() {
            report.at(command).message("what `ls` prints is made for people; a pattern or `find` gives the names");
        }
    }
}
