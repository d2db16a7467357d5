use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.name().is_any(&["[", "test"]).is_true()) {
        let words: Vec<&str> = command.words().items().map(shell::raw).collect();
        let joins = words.iter().enumerate().skip(2).find(|(at, word)| matches!(**word, "-a" | "-o") && words.len() > at + 2);
        if let Some((_, operator)) = joins {
            let joint = if *operator == "-a" { "&&" } else { "||" };
            report.at(command).message(format!("`{operator}` in a test is not well defined; write two with `{joint}` between"));
        }
    }
}
