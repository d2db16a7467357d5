use crate::workload::{Which, require};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    require(resource, report, Which::All, "may write to its root file system", |container| {
        container.attr("security_context.read_only_root_filesystem").bool().is(true)
    });
}
