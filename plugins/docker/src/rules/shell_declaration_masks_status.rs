use crate::shell::{self, Kind};
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let declares = ["export", "declare", "typeset", "readonly", "local"];
    for command in shell::commands(run).filter(|command| command.name().is_any(&declares).is_true()) {
        for word in command.words().items().skip(1) {
            let raw = shell::raw(word);
            let runs = shell::expansions(raw).iter().any(|found| matches!(found.kind, Kind::Substitution | Kind::Backticks));
            if let Some((name, _)) = raw.split_once('=').filter(|_| runs) {
                let what = command.name().known().unwrap_or("export");
                report.at(command).message(format!("if the command fails, `{what} {name}=…` succeeds all the same"));
                break;
            }
        }
    }
}
