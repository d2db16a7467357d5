use crate::workload::{Which, has, require};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    require(resource, report, Which::Main, "requests no CPU", |container| has(container, "resources.requests.cpu"));
}
