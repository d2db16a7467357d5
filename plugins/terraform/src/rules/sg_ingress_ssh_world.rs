use crate::ingress;
use crate::port;
use plimsoll_sdk::terraform::{Module, Report};

pub fn check(module: Module, report: &mut Report) {
    for open in ingress::open(module) {
        if open.ports.is_some_and(|ports| ports.holds(port::SSH)) {
            report.at(open.world).message(format!(
                "{} lets `{}` in to SSH on port {}",
                ingress::label(open.owner),
                open.address,
                port::SSH
            ));
        }
    }
}
