use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run) {
        if let Some(name) = command.name().known().filter(|name| name.len() > 1 && name.starts_with('[') && !name.starts_with("[[") && !name.contains('"') && *name != "[]") {
            report.at(command).message(format!("`{name}` is taken for a program: a blank is missing behind `[`"));
        }
    }
}
