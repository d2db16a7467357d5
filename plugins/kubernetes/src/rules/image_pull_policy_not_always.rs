use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    let image = container.facts().image();
    let policy = container.image_pull_policy();
    if image.reference().known().is_none() || !image.digest().is_absent() || !policy.is("Always").is_false() {
        return;
    }
    if let Some(written) = policy.known() {
        report.at_key(policy).message(format!("the image of {} has pull policy `{written}`", label(container)));
    } else if image.tag().holds(|tag| tag != "latest").is_true() {
        report.here().message(format!("the image of {} is pulled only where it is missing", label(container)));
    }
}
