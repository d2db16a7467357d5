use crate::workload::{Which, capability, require};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    require(resource, report, Which::All, "keeps the capability `NET_RAW`", |container| capability(container, "drop", &["ALL", "NET_RAW"]));
}
