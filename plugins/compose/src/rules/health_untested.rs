use crate::health::{Untested, is_needed, untested};
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let Some(untested) = untested(service, report).filter(|_| !is_needed(service)) else { return };
    let unless = if untested == Untested::Pulled { ", unless its image has one" } else { "" };
    report.at_key(service).message(format!("{} has no healthcheck{unless}, so nothing notices when it hangs", label(service)));
}
