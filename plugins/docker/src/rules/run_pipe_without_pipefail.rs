use crate::images;
use crate::run::stage_of;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

/// Commands that do not fail before a pipe, or are stopped by it as a matter of course.
const HARMLESS: [&str; 4] = ["echo", "printf", "yes", ":"];

pub fn check(run: Instruction, report: &mut Report) {
    let piped = |command: &Command| {
        let harmless = command.name().is_any(&HARMLESS).is_true();
        !harmless && command.piped().is(true).is_true() && command.pipefail().is(false).is_true()
    };
    let Some(command) = run.commands().iter().find(piped) else { return };
    let name = command.name().known().unwrap_or("a command");
    let draft = report.at(command).message(format!("`{name}` may fail in this pipe, and the RUN goes on"));
    if let Some(shell) = stage_of(run).and_then(images::base).and_then(images::shell).filter(|_| run.script().dialect().is("sh").is_true()) {
        let text = format!("SHELL [\"{shell}\", \"-o\", \"pipefail\", \"-c\"]");
        draft.fix(Fix::unsafe_("let a pipe fail with any of its commands").insert_before(run, text));
    }
}
