use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let mut seen = None;
    for port in service.ports().iter().filter(|port| port.target().is(22.0).is_true()) {
        if seen.replace(port.span()) != Some(port.span()) {
            report.at(port).message(format!("{} publishes SSH", label(service)));
        }
    }
}
