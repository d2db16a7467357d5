use plimsoll_sdk::docker::{Command, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let mut first: Option<(&str, Command)> = None;
    let runs = stage.instructions().iter().filter_map(|instruction| match instruction.trigger().known() {
        Some(trigger) => Some(trigger).filter(|trigger| trigger.is("RUN")),
        None => Some(instruction).filter(|instruction| instruction.is("RUN")),
    });
    for command in runs.flat_map(|run| run.commands().iter()) {
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
