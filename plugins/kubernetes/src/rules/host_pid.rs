use crate::container::pod_label;
use plimsoll_sdk::kubernetes::{Fix, Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let shared = pod.spec().host_pid();
    if shared.is(true).is_true() {
        let fix = Fix::unsafe_("give it its own process ids").remove(pod.spec(), "/hostPID");
        report.at_key(shared).message(format!("{} sees every process of the node (`hostPID: true`)", pod_label(pod.node()))).fix(fix);
    }
}
