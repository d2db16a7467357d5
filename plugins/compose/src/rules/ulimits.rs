use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    if service.facts().image().name().is_any(&["elasticsearch", "opensearch"]).is_true() && service.ulimits().is_absent() {
        report.at_key(service).message(format!("{} needs more open files and locked memory than it gets", label(service)));
    }
}
