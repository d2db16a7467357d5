use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

/// Words that mean the same to both.
const SHARED: [&str; 10] = ["install", "update", "upgrade", "full-upgrade", "remove", "purge", "autoremove", "clean", "autoclean", "build-dep"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        if !command.is("apt") {
            continue;
        }
        let draft = report.at(command).message("`apt` is meant for people at a terminal; scripts use `apt-get` or `apt-cache`");
        if let Some((word, name)) = renamed(command) {
            draft.fix(Fix::safe("use `apt-get`").set(word, "", name));
        }
    }
}

fn renamed<'a>(command: Command<'a>) -> Option<(plimsoll_sdk::docker::Item<'a, &'a str>, &'static str)> {
    let verb = command.subcommand().known().filter(|verb| SHARED.contains(verb) && *verb != "full-upgrade")?;
    _ = verb;
    let word = command.words().items().next()?;
    (word.value().known() == Some("apt")).then_some((word, "apt-get"))
}
