use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let script = run.script();
    if !script.heredoc().is(true).is_true() || script.commands().is_open() {
        return;
    }
    let all: Vec<Command> = script.commands().iter().filter(|command| command.depth().is(0.0).is_true()).collect();
    let may_fail = |command: &Command| {
        !command.name().is_any(&["set", "echo", "export", "cd", ":", "true"]).is_true() && command.errexit().is(false).is_true() && command.condition().is(false).is_true()
    };
    let ends = |at: usize| all.get(at + 1).is_some_and(|next| next.operator().is(";").is_true());
    let Some((at, command)) = all.iter().enumerate().find(|(at, command)| may_fail(command) && ends(*at)) else { return };
    let name = command.name().known().unwrap_or("a command");
    let draft = report.at(run).message(format!("if `{name}` fails, this script goes on as if nothing had happened")).related(*command, "its failure is passed over");
    if let Some(first) = all.first().filter(|_| at < all.len()) {
        draft.fix(Fix::unsafe_("stop at the first failure").replace_source(*first, format!("set -e\n{}", first.node().source_text())));
    }
}
