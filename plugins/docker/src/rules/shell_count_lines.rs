use crate::shell;
use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    let counts_lines = |command: &Command| command.is("wc") && command.words().get(1).is("-l").is_true();
    for (at, _) in all.iter().enumerate().filter(|(_, command)| counts_lines(command)) {
        let counts = |before: &Command| before.name().is_any(&["grep", "egrep", "fgrep"]).is_true() && before.has_any_flag(&["-o", "--only-matching", "-l", "-r", "-R"]).is_false();
        if let Some(grep) = shell::fed_by(&all, at).filter(counts) {
            report.at(grep).message("`grep -c` counts the lines by itself");
        }
    }
}
