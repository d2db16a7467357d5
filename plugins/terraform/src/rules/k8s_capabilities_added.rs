use crate::workload::{Which, forbid};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let added = container.attr("security_context.capabilities.add");
        let names: Vec<_> = added.strings().iter().map(|name| format!("`{name}`")).collect();
        let place = added.node().filter(|_| !names.is_empty())?;
        Some((place, format!("gets {}", names.join(", "))))
    });
}
