use crate::workload::{Which, has, require, spec};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    let pod = spec(resource).get("security_context").exists();
    require(resource, report, Which::Main, "has no security context", |container| has(container, "security_context") | pod);
}
