use crate::run::is_kept;
use plimsoll_sdk::docker::{Instruction, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    let all: Vec<Instruction> = stage.instructions().iter().collect();
    for pair in all.windows(2) {
        if pair.iter().all(|run| run.is("RUN") && is_simple(*run)) && flags(pair[0]) == flags(pair[1]) {
            report.at(pair[1]).message("two RUN instructions of one command each make two layers").related(pair[0], "the one before it");
        }
    }
}

fn is_simple(run: Instruction) -> bool {
    run.commands().count() == Some(1) && run.heredocs().is_empty().is_true()
}

fn flags(run: Instruction) -> String {
    run.flags().known().map_or(String::new(), |flags| flags.node().source_text().to_owned())
}
