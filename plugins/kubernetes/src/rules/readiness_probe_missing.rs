use crate::container::{ends, label, stays};
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    if stays(container) && ends(container).is_false() && container.readiness_probe().is_absent() {
        report
            .here()
            .message(format!("{} has no readiness probe, so nothing tells the cluster when it can take requests", label(container)));
    }
}
