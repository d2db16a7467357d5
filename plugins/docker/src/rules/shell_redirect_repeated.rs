use crate::shell;
use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    let target = |command: &Command| command.redirects().iter().find(|redirect| redirect.operator().is(">>").is_true()).and_then(|redirect| redirect.target().known()).map(str::to_owned);
    let targets: Vec<Option<String>> = all.iter().map(target).collect();
    let mut at = 0;
    while let Some(Some(file)) = targets[at..].iter().find(|target| target.is_some()) {
        let start = targets[at..].iter().position(Option::is_some).map_or(at, |offset| at + offset);
        let len = targets[start..].iter().take_while(|target| target.as_ref() == Some(file)).count();
        if len > 2 {
            report.at(all[start]).message(format!("{len} commands in a row append to `{file}`"));
        }
        at = start + len.max(1);
    }
}
