use crate::eol;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let Some(image) = stage.from().image().known().filter(|image| image.stage().is_absent()) else { return };
    let (Some(repository), Some(tag)) = (image.repository().known(), image.tag().known()) else { return };
    if image.registry().is_unknown() {
        return;
    }
    if let Some((what, date)) = eol::ended(image.registry().known(), repository, tag) {
        report.at(stage.from()).message(format!("{what} gets no security updates since {date}"));
    }
}
