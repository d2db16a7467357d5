use crate::service::{label, stays};
use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let policy = service.restart().exists() | service.deploy().restart_policy().exists();
    if policy.is_false() && stays(service) && service.facts().profiled().is(true).is_false() {
        let fix = Fix::unsafe_("restart it unless it was stopped").set(service, "/restart", "unless-stopped");
        report.at_key(service).message(format!("{} stays down once it has ended", label(service))).fix(fix);
    }
}
