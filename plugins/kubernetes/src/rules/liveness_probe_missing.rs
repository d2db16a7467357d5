use crate::container::{ends, label, stays};
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    if stays(container) && ends(container).is_false() && container.liveness_probe().is_absent() {
        report.here().message(format!("{} has no liveness probe, so nothing tells the cluster whether it still works", label(container)));
    }
}
