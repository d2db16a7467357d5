use crate::workload::{Which, capability, forbid};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let dropped = container.attr("security_context.capabilities.drop");
        let some = dropped.list().is_empty().is_false() && capability(container, "drop", &["ALL"]).is_false();
        Some((dropped.node().filter(|_| some)?, "drops some capabilities, and keeps the others".to_owned()))
    });
}
