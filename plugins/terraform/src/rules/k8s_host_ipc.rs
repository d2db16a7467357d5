use crate::workload::forbid_switch;
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid_switch(resource, report, "host_ipc", "share the IPC namespace of the node");
}
