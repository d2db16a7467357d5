use plimsoll_sdk::docker::{Instruction, Report};

/// Commands that only mean something where somebody watches, or a system runs.
const POINTLESS: [&str; 13] = ["ssh", "vim", "vi", "nano", "shutdown", "reboot", "service", "ps", "free", "top", "kill", "mount", "ifconfig"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        if let Some(name) = command.name().known().filter(|name| POINTLESS.contains(name)) {
            report.at(command).message(format!("`{name}` does nothing that lasts in a build"));
        }
    }
}
