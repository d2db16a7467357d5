use crate::service::{label, runs};
use plimsoll_sdk::Truth;
use plimsoll_sdk::compose::{Report, Service};
use plimsoll_sdk::docker::{Dockerfile, Stage};

pub fn check(service: Service, report: &mut Report) {
    if !runs(service) {
        return;
    }
    if let Some(user) = service.user().known() {
        if is_root(user) {
            report.at(service.user()).message(format!("{} runs as `{user}`", label(service)));
        }
        return;
    }
    if service.user().is_absent() && report.relation(service, "dockerfile").any(|dockerfile: Dockerfile| root_in(service, dockerfile)).is_true() {
        report.at_key(service).message(format!("{} runs as root, as the last USER of its Dockerfile says", label(service)));
    }
}

fn root_in(service: Service, dockerfile: Dockerfile) -> Truth {
    let root = |stage: Stage| stage.facts().user().value().holds(is_root);
    let target = service.build().target();
    match (target.is_absent(), target.known()) {
        (true, _) => dockerfile.facts().final_().holds(root),
        (false, Some(name)) => dockerfile.stages().iter().find(|stage| stage.name().holds(|stage| stage.eq_ignore_ascii_case(name)).is_true()).map_or(Truth::Unknown, root),
        (false, None) => Truth::Unknown,
    }
}

fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default();
    name == "root" || (!name.is_empty() && name.bytes().all(|digit| digit == b'0'))
}
