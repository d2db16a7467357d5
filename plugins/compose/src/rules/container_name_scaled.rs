use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let scaled = service.scale().known().or(service.deploy().replicas().known()).filter(|count| *count > 1.0);
    if let (Some(name), Some(count)) = (service.container_name().known(), scaled) {
        report.at(service.container_name()).message(format!("{} is to run {count} times, and only one container can be called `{name}`", label(service)));
    }
}
