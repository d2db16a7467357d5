use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("expr")) {
        if command.words().iter().any(|word| matches!(word, "+" | "-" | "*" | "/" | "%")) {
            report.at(command).message("the shell calculates by itself: `$((…))`");
        }
    }
}
