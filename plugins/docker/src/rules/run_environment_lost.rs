use crate::shell;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

const SETS: [&str; 9] = ["export", "source", ".", "alias", "set", "unset", "ulimit", "umask", "declare"];

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    let only_sets = |command: &Command| command.name().is_any(&SETS).is_true() && command.redirects().is_absent() && command.depth().is(0.0).is_true();
    let Some(first) = all.first() else { return };
    if !all.iter().all(only_sets) || run.commands().is_open() || first.words().count() == Some(1) {
        return;
    }
    let draft = report.at(run).message(format!("what `{}` sets ends with this RUN", first.name().known().unwrap_or("it")));
    let words: Vec<_> = first.words().items().skip(1).map(shell::raw).collect();
    let plain = |word: &&str| word.split_once('=').is_some_and(|(name, value)| !name.is_empty() && !value.is_empty() && !value.contains(['`', '(']));
    if all.len() == 1 && first.is("export") && !words.is_empty() && words.iter().all(plain) {
        draft.fix(Fix::unsafe_("set it with ENV").set(run, "", format!("ENV {}", words.join(" "))));
    }
}
