use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report};

pub fn check(ingress: Object, report: &mut Report) {
    let tls = ingress.spec().tls();
    if ingress.spec().exists().is_true() && tls.list().is_empty().is_true() {
        report.at_key(ingress.spec()).message(format!("{} has no `tls`, so it serves plain HTTP", owner(ingress.node())));
    }
}
