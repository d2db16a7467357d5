use crate::shell::{self, Kind};
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run) {
        for word in command.words().items() {
            let raw = shell::raw(word);
            let found = shell::expansions(raw).into_iter().find(|found| found.kind == Kind::Backticks);
            let Some(found) = found else { continue };
            let draft = report.at(word).message(format!("`{}` runs in backticks", found.inner));
            if !found.inner.contains(['\\', '"']) && !found.inner.is_empty() {
                let text = format!("{}$({}){}", &raw[..found.start], found.inner, &raw[found.end..]);
                draft.fix(Fix::safe("write `$(…)`").set(word, "", text));
            }
            break;
        }
    }
}
