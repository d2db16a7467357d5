use crate::workload::{Which, capability, forbid};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let added = container.attr("security_context.capabilities.add").node();
        let place = added.filter(|_| capability(container, "add", &["SYS_ADMIN"]).is_true())?;
        Some((place, "gets `SYS_ADMIN`, which is nearly all of root".to_owned()))
    });
}
