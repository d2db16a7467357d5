use crate::container::owner;
use plimsoll_sdk::kubernetes::{Fix, Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let shared = pod.spec().host_pid();
    if shared.is(true).is_true() {
        let fix = Fix::unsafe_("give it its own process ids").remove(pod.spec(), "/hostPID");
        report
            .at_key(shared)
            .message(format!("the pod of {} sees every process of the node (`hostPID: true`)", owner(pod.node())))
            .fix(fix);
    }
}
