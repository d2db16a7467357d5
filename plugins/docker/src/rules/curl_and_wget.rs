use plimsoll_sdk::docker::{Command, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let mut first: Option<(&str, Command)> = None;
    for command in stage.instructions().iter().flat_map(|run| run.commands().iter().chain(run.trigger().script().commands().iter())) {
        let Some(name) = command.name().known().filter(|name| matches!(*name, "curl" | "wget")) else { continue };
        match first {
            None => first = Some((name, command)),
            Some((other, there)) if other != name => {
                report.at(command).message(format!("{} downloads with `{other}` and with `{name}`", stage.label())).related(there, format!("`{other}` is here"));
                return;
            }
            Some(_) => {}
        }
    }
}
