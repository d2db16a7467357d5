use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands().iter().filter(|command| command.name().is_any(&["echo", "printf"]).is_true() && command.piped().is(false).is_true()) {
        let target = command.redirects().iter().find(|redirect| redirect.operator().is_any(&[">", "1>"]).is_true()).and_then(|redirect| redirect.target().known());
        if let Some(target) = target.filter(|target| !target.starts_with("/dev/") && !command.words().is_open()) {
            report.at(command).message(format!("`{target}` is written by `{}`; COPY with a heredoc writes it as it is", command.name().known().unwrap_or("echo")));
        }
    }
}
