use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    let image = container.facts().image();
    let Some(reference) = image.reference().known().filter(|reference| !reference.is_empty()) else { return };
    if image.digest().is_absent() {
        report.at(image).message(format!("image `{reference}` of {} has no digest", label(container)));
    }
}
