use crate::container::pod_label;
use plimsoll_sdk::kubernetes::{Fix, Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let shared = pod.spec().host_network();
    if shared.is(true).is_true() {
        let fix = Fix::unsafe_("give it a network of its own").remove(pod.spec(), "/hostNetwork");
        report.at_key(shared).message(format!("{} shares the node's network (`hostNetwork: true`)", pod_label(pod.node()))).fix(fix);
    }
}
