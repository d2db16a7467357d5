use crate::service::label;
use plimsoll_sdk::compose::{List, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let legacy: [(&str, List<&str>); 3] = [("links", service.links()), ("external_links", service.external_links()), ("volumes_from", service.volumes_from())];
    for (name, list) in legacy.into_iter().filter(|(_, list)| list.is_empty().is_false()) {
        report.at_key(list).message(format!("{} uses `{name}`, which networks and named volumes have replaced", label(service)));
    }
}
