use crate::shell;
use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    for (at, command) in all.iter().enumerate() {
        let text = command.node().source_text();
        let xargs = text.starts_with("xargs") && command.wrappers().first().is("xargs").is_true() || command.is("xargs");
        let Some(find) = shell::fed_by(&all, at).filter(|before| xargs && before.is("find")) else { continue };
        let safe = find.words().iter().any(|word| matches!(word, "-print0" | "-printf")) || text.contains(" -0") || text.contains("--null") || text.contains(" -d") || text.contains("-r0");
        if !safe && !find.words().is_open() {
            report.at(find).message("names with blanks fall apart on the way to `xargs`");
        }
    }
}
