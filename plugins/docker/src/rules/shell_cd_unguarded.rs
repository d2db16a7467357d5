use crate::shell;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    for (at, command) in all.iter().enumerate().filter(|(_, command)| command.is("cd") || command.is("pushd")) {
        let goes_on = all.get(at + 1).is_some_and(|next| next.operator().is(";").is_true() && next.depth().known() == command.depth().known());
        let unchecked = command.errexit().is(false).is_true() && command.condition().is(false).is_true() && command.arguments().next().is_some();
        if goes_on && unchecked && !command.arguments().any(|path| matches!(path, "/" | "/tmp" | "..")) {
            let path = command.words().items().nth(1).map_or("", shell::raw);
            report
                .at(*command)
                .message(format!("if `cd {path}` fails, what follows runs in another directory"))
                .fix(Fix::unsafe_("stop if it fails").replace_source(*command, format!("{} || exit 1", command.node().source_text())));
        }
    }
}
