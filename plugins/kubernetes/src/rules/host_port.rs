use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    for port in container.ports() {
        if let Some(number) = port.host_port().known().filter(|number| *number > 0.0) {
            let fix = Fix::unsafe_("take no port of the node").remove(port, "/hostPort");
            report.at_key(port.host_port()).message(format!("{} takes port {number} of the node it runs on", label(container))).fix(fix);
        }
    }
}
