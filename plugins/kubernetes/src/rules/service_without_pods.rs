use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report};

pub fn check(service: Object, report: &mut Report) {
    if !report.relation(service, "workloads").is_empty().is_true() {
        return;
    }
    let selector = service.spec().selector();
    let labels: Vec<String> = selector.known().into_iter().flat_map(labels).collect();
    let message = format!("{} selects no pod of this project: none has {}", owner(service.node()), labels.join(" and "));
    report.at(selector).message(message);
}

fn labels(selector: plimsoll_sdk::kubernetes::Dyn<'_>) -> Vec<String> {
    selector.entries().iter().filter_map(|(key, value)| Some(format!("`{key}: {}`", value.str().known()?))).collect()
}
