use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run) {
        let Some(name) = command.name().known() else { continue };
        let identifier = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with(|c: char| c.is_ascii_digit());
        let equals = command.words().items().nth(1).is_some_and(|word| shell::raw(word) == "=");
        if identifier && equals && !matches!(name, "expr" | "test" | "let") {
            report.at(command).message(format!("`{name} =` with blanks runs a program called `{name}`"));
        }
    }
}
