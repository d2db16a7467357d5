use crate::run::overridden;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    overridden(stage, "ENTRYPOINT", report);
}
