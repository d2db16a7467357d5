use crate::ingress;
use crate::port::sensitive;
use plimsoll_sdk::terraform::{Module, Report};

pub fn check(module: Module, report: &mut Report) {
    for open in ingress::open(module) {
        let Some((port, what)) = open.ports.and_then(|ports| sensitive(ports.from, ports.to)) else { continue };
        let owner = ingress::label(open.owner);
        report.at(open.world).message(format!("{owner} lets `{}` in on port {port}, where {what} listens", open.address));
    }
}
