use crate::service::label;
use plimsoll_sdk::compose::{Fix, Json, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let dropped = service.cap_drop();
    let all = dropped.any(|capability| capability.eq_ignore_ascii_case("ALL"));
    if dropped.is_empty().is_false() && all.is_false() {
        let fix = Fix::unsafe_("drop all capabilities").set(service, "/cap_drop", Json::List(vec!["ALL".into()]));
        report.at_key(dropped).message(format!("{} drops some capabilities, and keeps the others", label(service))).fix(fix);
    }
}
