use crate::workload::{Which, has, require};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    require(resource, report, Which::Main, "has no liveness probe", |container| has(container, "liveness_probe"));
}
