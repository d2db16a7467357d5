use crate::container::{owner, pod_label, stays};
use plimsoll_sdk::kubernetes::{Object, Report, Truth};

pub fn check(service: Object, report: &mut Report) {
    let workloads = report.relation(service, "workloads");
    let Some(workload) = workloads.iter::<Object>().next() else { return };
    for port in service.spec().ports() {
        let target = port.target_port();
        let Some(name) = target.str().known() else { continue };
        // An API server takes a text of digits for a number.
        if name.bytes().all(|byte| byte.is_ascii_digit()) || !workloads.any(|workload| has_port(workload, name)).is_false() {
            continue;
        }
        let message = format!("{} sends to port `{name}`, which no container of {} has", owner(service.node()), pod_label(workload.node()));
        report.at(target).message(message).related(workload.facts().pod(), "this is the pod");
    }
}

fn has_port(workload: Object, name: &str) -> Truth {
    let pod = workload.facts().pod();
    let app = pod.containers().any(|container| container.ports().any(|port| port.name().is(name)));
    let sidecar = pod.init_containers().any(|container| {
        if stays(container) { container.ports().any(|port| port.name().is(name)) } else { Truth::False }
    });
    app | sidecar
}
