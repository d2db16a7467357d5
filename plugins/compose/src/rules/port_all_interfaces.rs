use crate::port::{number, open, takes_address};
use crate::service::label;
use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    for (port, what) in open(service) {
        let Some(what) = what else { continue };
        let draft = report.at(port).message(format!("{} publishes {} on every interface of the host, where {what} listens", label(service), number(port)));
        if takes_address(port) {
            draft.fix(Fix::unsafe_("bind it to 127.0.0.1").set(port, "/host_ip", "127.0.0.1"));
        }
    }
}
