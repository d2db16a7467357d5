use crate::service::{label, runs};
use plimsoll_sdk::compose::{Fix, Json, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let all = service.privileged().is(true).is_true();
    if service.cap_drop().is_empty().is_true() && runs(service) && !all {
        let fix = Fix::unsafe_("drop all capabilities").set(service, "/cap_drop", Json::List(vec!["ALL".into()]));
        report.at_key(service).message(format!("{} keeps all capabilities that containers have by default", label(service))).fix(fix);
    }
}
