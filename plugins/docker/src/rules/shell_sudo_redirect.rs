use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.wrappers().first().is("sudo").is_true()) {
        let writes = command.redirects().iter().find(|redirect| redirect.operator().is_any(&[">", ">>", "1>"]).is_true()).and_then(|redirect| redirect.target().known());
        if let Some(file) = writes.filter(|file| !file.starts_with("/dev/")) {
            report.at(command).message(format!("`{file}` is opened before `sudo` runs, by the user who calls it"));
        }
    }
}
