use crate::container::owner;
use plimsoll_sdk::kubernetes::{Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let context = pod.spec().security_context();
    let empty = context.known().is_some_and(|context| context.node().is_empty());
    if context.is_absent() || empty {
        report.here().message(format!("the pod of {} has no security context", owner(pod.node())));
    }
}
