use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    if let Some(source) = copy.facts().ignored().first().known() {
        report.at(copy).message(format!("`{source}` is kept out of the build context by the ignore file"));
    }
}
