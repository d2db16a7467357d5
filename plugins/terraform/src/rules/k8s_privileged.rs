use crate::workload::{Which, forbid};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let privileged = container.attr("security_context.privileged");
        let place = privileged.node().filter(|_| privileged.bool().is(true).is_true())?;
        Some((place, "is privileged".to_owned()))
    });
}
