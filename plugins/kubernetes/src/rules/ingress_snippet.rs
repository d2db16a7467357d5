use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report};

pub fn check(ingress: Object, report: &mut Report) {
    for annotation in ingress.metadata().annotations().entries() {
        let name = annotation.key();
        if name.starts_with("nginx.ingress.kubernetes.io/") && name.ends_with("-snippet") {
            report.at_key(annotation).message(format!("{} writes into the controller's configuration: `{name}`", owner(ingress.node())));
        }
    }
}
