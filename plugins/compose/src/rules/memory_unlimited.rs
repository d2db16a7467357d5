use crate::limit::{limits, place};
use crate::service::{label, runs};
use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let limited = limits(service.mem_limit()) | limits(service.deploy().resources().limits().memory());
    if limited.is_false() && runs(service) {
        report.at_key(place(service)).message(format!("{} may use all memory of its host", label(service))).fix(Fix::unsafe_("allow 512 MB").set(service, "/deploy/resources/limits/memory", "512M"));
    }
}
