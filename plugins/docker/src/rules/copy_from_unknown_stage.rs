use crate::options::CopyFromUnknownStage;
use crate::run::stage_of;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(copy: Instruction, options: &CopyFromUnknownStage, report: &mut Report) {
    let Some(from) = copy.flags().from().known() else { return };
    let (Some(stage), facts) = (stage_of(copy), copy.facts()) else { return };
    let earlier = facts.copies().holds(|copied| copied.facts().index().holds(|index| stage.facts().index().holds(|own| index < own)));
    if !earlier.is_false() {
        return;
    }
    let own = stage.name().holds(|name| name.eq_ignore_ascii_case(from)).is_true();
    let image = from.contains([':', '/', '@']) || from == "scratch";
    if !own && !image && !options.contexts.iter().any(|context| context == from) {
        report.at(copy).message(format!("`--from={from}` names no earlier stage, and as an image it has no tag"));
    }
}
