use crate::shell;
use plimsoll_sdk::docker::{Command, Instruction, Report};

/// Commands whose arguments are no files.
const NO_FILES: [&str; 6] = ["echo", "printf", "test", "[", "[[", "envsubst"];

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    for (at, command) in all.iter().enumerate() {
        let Some(file) = command.redirects().iter().find(|redirect| redirect.operator().is_any(&[">", "1>"]).is_true()).and_then(|redirect| redirect.target().known()) else {
            continue;
        };
        if file.starts_with("/dev/") {
            continue;
        }
        let reads = |command: Command| {
            !command.name().is_any(&NO_FILES).is_true()
                && (command.words().iter().skip(1).any(|word| word == file) || command.redirects().iter().any(|redirect| redirect.operator().is("<").is_true() && redirect.target().is(file).is_true()))
        };
        let mut place = at;
        let mut found = reads(*command);
        while let Some(before) = shell::fed_by(&all, place).filter(|_| !found) {
            found = reads(before);
            place -= 1;
        }
        if found {
            report.at(*command).message(format!("`{file}` is emptied before it is read"));
        }
    }
}
