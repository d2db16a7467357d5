use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let commands: Vec<Command> = run.commands().iter().collect();
    for (at, command) in commands.iter().enumerate() {
        let next = commands.get(at + 1).filter(|next| next.operator().is("|").is_true());
        if (command.is("curl") || command.is("wget")) && next.is_some_and(|next| next.is("tar") || next.is("bsdtar")) {
            report.at(*command).message("an archive is downloaded and unpacked, which `ADD --unpack` does");
        } else if command.is("git") && command.subcommand().is("clone").is_true() {
            report.at(*command).message("a repository is cloned, which `ADD` does");
        }
    }
}
