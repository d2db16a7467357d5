use crate::images;
use plimsoll_sdk::docker::{Instruction, Report, Stage};

pub fn check(copy: Instruction, report: &mut Report) {
    let Some(stage) = copy.facts().copies().known() else { return };
    let parents = stage.facts().parents();
    let empty = images::base(stage).is_some_and(images::is_scratch) && is_empty(stage) && !parents.is_open() && parents.iter().all(is_empty);
    if empty {
        report.at(copy).message(format!("{} is empty: it starts from scratch, and nothing is put there", stage.label())).related(stage.from(), "the empty stage");
    }
}

fn is_empty(stage: Stage) -> bool {
    let all = stage.instructions();
    !all.is_open() && all.iter().all(|instruction| !["ADD", "COPY", "RUN", "WORKDIR"].iter().any(|keyword| instruction.is(keyword)))
}
