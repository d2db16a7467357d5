use crate::workload::{Which, forbid};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let ports = container.blocks("port");
        let taken = ports.iter().map(|port| port.get("host_port")).find(|port| port.number().holds(|port| port > 0.0).is_true())?;
        Some((taken.node()?, format!("takes port {} of the node", taken.number().known()?)))
    });
}
