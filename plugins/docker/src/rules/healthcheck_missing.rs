use crate::images;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let Some(base) = images::base(stage).filter(|_| stage.is_shipped()) else { return };
    if stage.facts().healthcheck().is_absent() && !images::needs_no_healthcheck(base) {
        report.at(stage.from()).message(format!("{} of the shipped image has no HEALTHCHECK", stage.label()));
    }
}
