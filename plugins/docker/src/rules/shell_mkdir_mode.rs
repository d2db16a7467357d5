use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("mkdir") && command.has_any_flag(&["-p", "--parents"]).is_true()) {
        if !command.has_any_flag(&["-m", "--mode"]).is_true() {
            continue;
        }
        if let Some(path) = command.arguments().find(|word| word.trim_matches('/').contains('/')) {
            report.at(command).message(format!("only the last directory of `{path}` gets the mode"));
        }
    }
}
