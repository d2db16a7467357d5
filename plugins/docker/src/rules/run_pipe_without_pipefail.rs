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
    // A check of sums fails by itself if nothing comes.
    let checked = |at: usize| run.commands().get(at + 1).known().is_some_and(checks_sums);
    let found = run.commands().iter().enumerate().find(|(at, command)| piped(command) && !checked(*at));
    let Some((_, command)) = found else { return };
    let name = command.name().known().unwrap_or("a command");
    let draft = report.at(command).message(format!("`{name}` may fail in this pipe, and the RUN goes on"));
    if let Some(shell) = stage_of(run).and_then(images::base).and_then(images::shell).filter(|_| run.script().dialect().is("sh").is_true()) {
        let text = format!("SHELL [\"{shell}\", \"-o\", \"pipefail\", \"-c\"]");
        draft.fix(Fix::unsafe_("let a pipe fail with any of its commands").insert_before(run, text));
    }
}

fn checks_sums(command: Command) -> bool {
    let sums = command.name().holds(|name| name.ends_with("sum") && (name.starts_with("sha") || name.starts_with("md5") || name.starts_with("b2")));
    command.operator().is("|").is_true() && sums.is_true() && command.has_any_flag(&["-c", "--check"]).is_true()
}
