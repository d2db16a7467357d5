use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("cat") && command.piped().is(true).is_true()) {
        let words: Vec<_> = command.words().items().collect();
        if let [_, file] = &words[..]
            && !shell::raw(*file).starts_with(['-', '<'])
            && !command.words().is_open()
            && command.redirects().is_absent()
        {
            report.at(command).message(format!("`cat` only passes `{}` on", shell::raw(*file)));
        }
    }
}
