use crate::ingress;
use plimsoll_sdk::terraform::{Module, Report};

pub fn check(module: Module, report: &mut Report) {
    for open in ingress::open(module) {
        if open.ports.is_some_and(ingress::Ports::is_all) {
            report.at(open.world).message(format!("{} lets `{}` in on every port", ingress::label(open.owner), open.address));
        }
    }
}
