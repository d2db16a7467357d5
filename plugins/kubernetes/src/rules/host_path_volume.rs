use crate::container::owner;
use plimsoll_sdk::kubernetes::{Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    for volume in pod.spec().volumes() {
        if volume.host_path().exists().is_true() {
            let path = volume.host_path().path().known().unwrap_or_default();
            let name = volume.name().known().unwrap_or_default();
            report.at(volume.host_path()).message(format!("volume `{name}` of {} is `{path}` of the node", owner(pod.node())));
        }
    }
}
