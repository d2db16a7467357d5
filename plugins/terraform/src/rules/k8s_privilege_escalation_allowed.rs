use crate::workload::{Which, require};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    require(resource, report, Which::All, "lets processes gain privileges", |container| {
        container.attr("security_context.allow_privilege_escalation").bool().is(false)
    });
}
