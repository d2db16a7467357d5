use crate::shell;
use plimsoll_sdk::docker::{Command, Instruction, Report};

const DEAF: [&str; 12] = ["rm", "cp", "mv", "mkdir", "rmdir", "chmod", "chown", "ln", "touch", "ls", "find", "kill"];

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    for (at, command) in all.iter().enumerate().filter(|(_, command)| command.name().is_any(&DEAF).is_true() && command.wrappers().is_absent()) {
        let Some(before) = shell::fed_by(&all, at).filter(|before| !before.name().is_any(&["yes", "echo", "printf"]).is_true()) else { continue };
        let uses = command.words().iter().any(|word| matches!(word, "-" | "/dev/stdin" | "-files0-from" | "--reference=/dev/stdin")) || command.words().is_open();
        if !uses {
            let name = command.name().known().unwrap_or_default();
            report.at(*command).message(format!("`{name}` reads no input, so what `{}` prints is lost", before.name().known().unwrap_or("the command before")));
        }
    }
}
