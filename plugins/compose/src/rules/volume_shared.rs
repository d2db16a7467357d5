use crate::path::is_socket;
use crate::service::label;
use plimsoll_sdk::compose::{Project, Report, Service, VolumeMount};
use std::collections::BTreeMap;

pub fn check(project: Project, report: &mut Report) {
    let mut users: BTreeMap<&str, Vec<(Service, VolumeMount)>> = BTreeMap::new();
    for (_, service) in project.services().iter() {
        for mount in service.volumes() {
            let source = if mount.type_().is("volume").is_true() { mount.source() } else { mount.facts().host_path() };
            if let Some(source) = source.known().filter(|source| !source.is_empty() && !is_socket(source)) {
                users.entry(source).or_default().push((service, mount));
            }
        }
    }
    for (source, mounts) in users {
        let writers = mounts.iter().filter(|(_, mount)| mount.read_only().or_absent(false).is(false).is_true());
        let Some((first, rest)) = mounts.split_first() else { continue };
        if writers.count() < 2 {
            continue;
        }
        for (service, mount) in rest.iter().filter(|(service, _)| service.node() != first.0.node()) {
            let message = format!("{} shares `{source}` with {}, and more than one of them writes", label(*service), label(first.0));
            report.at(*mount).message(message).related(first.1, "mounted here too");
        }
    }
}
