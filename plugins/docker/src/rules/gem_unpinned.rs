use crate::packages::GEM;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for install in GEM.actions(run, GEM.installs) {
        let said = install.command.has_any_flag(&["-v", "--version"]) | install.command.words().any(|word| word.starts_with("-v") && word.len() > 2);
        if !said.is_false() {
            continue;
        }
        // What stands behind `--` goes to the compiler.
        let end = install.command.words().items().find(|word| word.value().is("--").is_true()).map_or(u32::MAX, |word| word.span().start);
        let own = install.known().filter(|(item, _)| item.span().start < end);
        let loose: Vec<String> = own.filter(|(_, gem)| !gem.contains([':', '/']) && !gem.ends_with(".gem")).map(|(_, gem)| format!("`{gem}`")).collect();
        if !loose.is_empty() {
            report.at(install.command).message(format!("no version is named for {}", loose.join(", ")));
        }
    }
}
