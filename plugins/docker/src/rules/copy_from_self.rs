use crate::run::stage_of;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    let (Some(from), Some(stage)) = (copy.flags().from().known(), stage_of(copy)) else { return };
    let name = stage.name().holds(|name| name.eq_ignore_ascii_case(from)).is_true();
    let number = stage.from().exists().is_true() && stage.facts().index().holds(|index| index.to_string() == from).is_true();
    if name || number {
        report.at(copy).message(format!("`--from={from}` names the stage that the {} stands in", copy.keyword().known().unwrap_or("COPY")));
    }
}
