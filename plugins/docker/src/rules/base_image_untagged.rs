use crate::images;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let field = stage.from().image();
    let Some(image) = field.known().filter(|image| image.stage().is_absent() && !images::is_scratch(*image)) else { return };
    let Some(reference) = image.reference().known() else { return };
    if image.tag().is_absent() && image.digest().is_absent() {
        report.at(stage.from()).message(format!("`{reference}` has neither tag nor digest, so it is whatever `latest` is when the image is built"));
    }
}
