use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    let Some(from) = copy.flags().from().known() else { return };
    if !from.is_empty() && from.bytes().all(|digit| digit.is_ascii_digit()) {
        report.at(copy).message(format!("`--from={from}` counts stages, and means another one when a stage is added before it"));
    }
}
