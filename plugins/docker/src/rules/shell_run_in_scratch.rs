use crate::images;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !stage.from().image().reference().is("scratch").is_true() || !images::base(stage).is_some_and(images::is_scratch) {
        return;
    }
    for instruction in stage.instructions() {
        if instruction.is("COPY") || instruction.is("ADD") {
            return;
        }
        if instruction.is("RUN") && instruction.form().is("shell").is_true() {
            report.at(instruction).message("`scratch` has no shell that could run this");
            return;
        }
    }
}
