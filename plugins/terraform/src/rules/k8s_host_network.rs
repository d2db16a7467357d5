use crate::workload::forbid_switch;
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid_switch(resource, report, "host_network", "share the network of the node");
}
