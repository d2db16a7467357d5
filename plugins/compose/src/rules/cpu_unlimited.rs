use crate::limit::{limits, place};
use crate::service::{label, runs};
use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let own = limits(service.cpus()) | limits(service.cpu_quota()) | limits(service.cpu_count()) | limits(service.cpu_percent());
    let limited = own | limits(service.deploy().resources().limits().cpus());
    if limited.is_false() && runs(service) {
        report.at_key(place(service)).message(format!("{} may use all processors of its host", label(service))).fix(Fix::unsafe_("allow one processor").set(service, "/deploy/resources/limits/cpus", "1.0"));
    }
}
