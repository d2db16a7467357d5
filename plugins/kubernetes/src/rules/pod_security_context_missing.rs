use crate::container::pod_label;
use plimsoll_sdk::kubernetes::{Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let context = pod.spec().security_context();
    let empty = context.known().is_some_and(|context| context.node().is_empty());
    if context.is_absent() || empty {
        report.here().message(format!("{} has no security context", pod_label(pod.node())));
    }
}
