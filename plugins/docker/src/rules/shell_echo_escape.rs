use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    if !run.script().dialect().is("bash").is_true() {
        return;
    }
    for command in shell::commands(run).filter(|command| command.is("echo") && command.piped().is(false).is_true()) {
        let reads = command.words().get(1).holds(|word| word.starts_with('-') && word.contains('e'));
        if reads.is_false() && command.words().iter().any(|word| word.contains("\\n") || word.contains("\\t")) {
            report.at(command).message("`echo` of bash prints `\\n` as it stands");
        }
    }
}
