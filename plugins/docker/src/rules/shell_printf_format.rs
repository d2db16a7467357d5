use crate::shell::{self, Kind};
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("printf")) {
        let Some(format) = command.words().items().nth(1).filter(|word| word.value().is_unknown()) else { continue };
        if let Some(found) = shell::expansions(shell::raw(format)).into_iter().find(|found| found.kind == Kind::Variable) {
            report.at(command).message(format!("`%` and `\\` in `${}` are read as part of the format", found.name()));
        }
    }
}
