use crate::shell;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.name().is_any(&["[", "[[", "test"]).is_true()) {
        let words: Vec<_> = command.words().items().skip(1).take(2).collect();
        let [not, test] = &words[..] else { continue };
        let opposite = match (shell::raw(*not), shell::raw(*test)) {
            ("!", "-z") => "-n",
            ("!", "-n") => "-z",
            _ => continue,
        };
        report
            .at(command)
            .message(format!("`! {}` is `{opposite}`", shell::raw(*test)))
            .fix(Fix::safe(format!("write `{opposite}`")).remove(*not, "").set(*test, "", opposite));
    }
}
