use crate::shell;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("which")) {
        let draft = report.at(command).message("`which` is a program that not every image has; the shell's own is `command -v`");
        if let Some(word) = command.words().items().next().filter(|word| shell::raw(*word) == "which") {
            draft.fix(Fix::unsafe_("use `command -v`").set(word, "", "command -v"));
        }
    }
}
