use crate::container::owner;
use crate::volume::ALLOWED;
use plimsoll_sdk::kubernetes::{Kind, Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    for volume in pod.spec().volumes() {
        let name = volume.name().known().unwrap_or_default();
        for source in volume.node().children() {
            // A path of the node is a defect of its own.
            let other = !matches!(source.key(), "name" | "hostPath") && !ALLOWED.contains(&source.key());
            if other && matches!(source.kind(), Kind::Map) {
                report.at_key(source).message(format!("volume `{name}` of {} is of type `{}`", owner(pod.node()), source.key()));
            }
        }
    }
}
