use crate::health::{is_needed, untested};
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    if untested(service, report).is_some() && is_needed(service) {
        report.at_key(service).message(format!("{} has no healthcheck, so those that depend on it cannot wait until it works", label(service)));
    }
}
