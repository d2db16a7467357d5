use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report};

pub fn check(service: Object, report: &mut Report) {
    let kind = service.spec().type_();
    if kind.is("NodePort").is_true() {
        report.at(kind).message(format!("{} opens a port on every node (`type: NodePort`)", owner(service.node())));
    }
}
