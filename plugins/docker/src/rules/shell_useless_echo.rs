use crate::shell::{self, Kind};
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run) {
        let words: Vec<_> = command.words().items().collect();
        if command.is("echo") && command.operator().is("$(").is_true() && command.piped().is(false).is_true() {
            report.at(command).message("`$(echo …)` is the text itself");
        } else if let [_, word] = &words[..]
            && command.is("echo")
            && command.redirects().is_absent()
            && command.piped().is(false).is_true()
        {
            let raw = shell::raw(*word);
            let whole = shell::expansions(raw).into_iter().next().filter(|found| found.kind == Kind::Substitution && raw.trim_matches('"').len() == found.end - found.start);
            if whole.is_some() {
                report.at(command).message("the command prints this without `echo`");
            }
        }
    }
}
