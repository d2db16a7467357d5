use crate::resources::{Bound, missing};
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    missing(container, "memory", Bound::Limit, "512Mi", report);
}
