use crate::run::is_kept;
use plimsoll_sdk::docker::{Instruction, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    let all: Vec<Instruction> = stage.instructions().iter().collect();
    for pair in all.windows(2) {
        let keyword = pair[0].keyword().known().filter(|keyword| matches!(*keyword, "COPY" | "ADD"));
        let (Some(keyword), Some(to)) = (keyword, pair[0].destination().known()) else { continue };
        let alike = pair[1].is(keyword) && pair[1].destination().is(to).is_true() && flags(pair[0]) == flags(pair[1]);
        if alike && pair.iter().all(|copy| copy.heredocs().is_empty().is_true()) {
            report.at(pair[1]).message(format!("two {keyword} instructions to `{to}` make two layers")).related(pair[0], "the one before it");
        }
    }
}

fn flags(copy: Instruction) -> String {
    copy.flags().known().map_or(String::new(), |flags| flags.node().source_text().to_owned())
}
