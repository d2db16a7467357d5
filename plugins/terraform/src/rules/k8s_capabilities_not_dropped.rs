use crate::workload::{Which, require};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    require(resource, report, Which::All, "drops no capability", |container| {
        !container.attr("security_context.capabilities.drop").list().is_empty()
    });
}
