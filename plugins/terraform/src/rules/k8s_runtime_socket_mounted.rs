use crate::workload::spec;
use plimsoll_sdk::terraform::{Report, Resource};

const SOCKETS: [&str; 5] = ["docker.sock", "containerd.sock", "crio.sock", "podman.sock", "cri-dockerd.sock"];

pub fn check(resource: Resource, report: &mut Report) {
    for volume in spec(resource).blocks("volume") {
        let path = volume.attr("host_path.path");
        if path.str().holds(|path| path.rsplit('/').next().is_some_and(|name| SOCKETS.contains(&name))).is_true() {
            report.at(path).message(format!("pods of `{}` mount the container engine's socket", resource.label()));
        }
    }
}
