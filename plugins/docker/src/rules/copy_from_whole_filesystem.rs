use crate::images;
use crate::run::stage_of;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    let Some(from) = copy.flags().from().known() else { return };
    let flattens = stage_of(copy).and_then(images::base).is_none_or(images::is_scratch);
    if copy.sources().any(|source| matches!(source, "/" | "/." | "/*")).is_true() && !flattens {
        report.at(copy).message(format!("every file of `{from}` is copied"));
    }
}
