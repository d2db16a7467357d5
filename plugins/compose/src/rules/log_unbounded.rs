use crate::service::{label, runs};
use plimsoll_sdk::compose::{Fix, Json, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let logging = service.logging();
    let file = logging.driver().or_absent("json-file").is("json-file");
    let bounded = logging.options().has_key("max-size");
    if !file.is_true() || !bounded.is_false() || !service.log_driver().is_absent() || !runs(service) {
        return;
    }
    let draft = if logging.is_absent() { report.at_key(service) } else { report.at_key(logging) };
    let draft = draft.message(format!("the log of {} grows until the disk is full", label(service)));
    if logging.is_absent() {
        let options = Json::map([("max-size", "10m"), ("max-file", "3")]);
        draft.fix(Fix::unsafe_("bound it").set(service, "/logging", Json::map([("driver", Json::from("json-file")), ("options", options)])));
    }
}
