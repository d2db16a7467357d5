use crate::workload::{Which, has, require};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    require(resource, report, Which::Main, "has no limit of CPU", |container| has(container, "resources.limits.cpu"));
}
