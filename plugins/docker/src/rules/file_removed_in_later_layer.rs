use crate::context::is_secret_file;
use crate::layer::{added, resolve};
use crate::run::is_kept;
use plimsoll_sdk::docker::{Instruction, Report, Severity, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    let all: Vec<Instruction> = stage.instructions().iter().collect();
    for (at, run) in all.iter().enumerate().filter(|(_, run)| run.is("RUN")) {
        for command in run.commands().iter().filter(|command| command.is("rm") && !command.words().is_open()) {
            let paths: Vec<String> = command.arguments().filter_map(|word| resolve(*run, word)).collect();
            let found = all[..at].iter().find_map(|copy| Some((copy, added(*copy).into_iter().find(|added| paths.contains(added))?)));
            let Some((copy, path)) = found else { continue };
            let secret = is_secret_file(&path);
            let draft = report.at(command).message(format!("`{path}` stays in the layer that added it")).related(*copy, "added here");
            if !secret {
                _ = draft.severity(Severity::Medium);
            }
        }
    }
}
