use crate::container::pod_label;
use plimsoll_sdk::kubernetes::{Fix, Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let shared = pod.spec().host_ipc();
    if shared.is(true).is_true() {
        let fix = Fix::unsafe_("give it its own IPC").remove(pod.spec(), "/hostIPC");
        report.at_key(shared).message(format!("{} shares the node's IPC (`hostIPC: true`)", pod_label(pod.node()))).fix(fix);
    }
}
