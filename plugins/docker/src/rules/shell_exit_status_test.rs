use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.name().is_any(&["[", "[[", "test"]).is_true()) {
        let first = command.words().items().nth(1).map_or("", shell::raw);
        if matches!(first, "$?" | "\"$?\"") && command.words().items().count() > 3 {
            report.at(command).message("`$?` is tested instead of the command");
        }
    }
}
