use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.piped().is(false).is_true()) {
        let redirects: Vec<_> = command.redirects().iter().collect();
        let wrong = redirects.windows(2).any(|pair| {
            pair[0].operator().is("2>&").is_true() && pair[0].target().is("1").is_true() && pair[1].operator().is_any(&[">", ">>", "1>"]).is_true()
        });
        if wrong {
            report.at(command).message("errors do not go to the file: `2>&1` stands before the redirection of the output");
        }
    }
}
