use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let commands: Vec<Command> = run.commands().iter().collect();
    for (at, command) in commands.iter().enumerate() {
        let top = command.depth().is(0.0).is_true();
        let Some(path) = command.arguments().next().filter(|_| top && command.is("cd")) else { continue };
        let absolute = path.starts_with(['/', '~', '$']) && !path.contains("..");
        let returns = commands[at + 1..].iter().any(|later| later.is("cd") || later.is("popd"));
        if absolute && (at > 0 || returns) {
            continue;
        }
        let draft = report.at(*command).message(format!("`cd {path}` holds to the end of this RUN; WORKDIR says it for all that follows"));
        if at == 0 && absolute && commands.len() > 1 && !path.contains(['$', '~']) {
            draft.fix(Fix::unsafe_("set the directory with WORKDIR").insert_before(run, format!("WORKDIR {path}")).remove(*command, ""));
        }
    }
}
