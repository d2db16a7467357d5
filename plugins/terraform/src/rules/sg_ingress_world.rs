use crate::ingress;
use plimsoll_sdk::terraform::{Module, Report};

pub fn check(module: Module, report: &mut Report) {
    for open in ingress::open(module) {
        report.at(open.world).message(format!("{} lets `{}` in", ingress::label(open.owner), open.address));
    }
}
