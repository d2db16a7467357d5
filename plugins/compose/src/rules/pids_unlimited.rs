use crate::limit::{limits_number, place};
use crate::service::{label, runs};
use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let limited = limits_number(service.pids_limit()) | limits_number(service.deploy().resources().limits().pids());
    if limited.is_false() && runs(service) {
        report.at_key(place(service)).message(format!("{} may start any number of processes", label(service))).fix(Fix::unsafe_("allow 200 processes").set(service, "/pids_limit", 200.0));
    }
}
