use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run) {
        let Some(name) = command.name().known() else { continue };
        let identifier = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with(|c: char| c.is_ascii_digit());
        if identifier && command.words().get(1).holds(|word| word == "=" || word.starts_with('=')).is_true() && !matches!(name, "expr" | "test" | "let") {
            report.at(command).message(format!("`{name} =` with blanks runs a program called `{name}`"));
        }
    }
}
