use crate::shell;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("read") && command.has_flag("-r").is_false()) {
        let draft = report.at(command).message("`read` without `-r` takes backslashes away");
        if let Some(word) = command.words().items().next() {
            draft.fix(Fix::safe("add `-r`").insert_after(word, "-r"));
        }
    }
}
