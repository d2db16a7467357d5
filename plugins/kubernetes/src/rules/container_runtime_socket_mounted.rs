use crate::container::owner;
use crate::volume::is_runtime_socket;
use plimsoll_sdk::kubernetes::{Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    for volume in pod.spec().volumes() {
        let path = volume.host_path().path();
        if let Some(written) = path.known().filter(|path| is_runtime_socket(path)) {
            let name = volume.name().known().unwrap_or_default();
            report.at(path).message(format!("volume `{name}` of {} is the container runtime's `{written}`", owner(pod.node())));
        }
    }
}
