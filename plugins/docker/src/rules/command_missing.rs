use crate::images;
use plimsoll_sdk::docker::{Report, Stage};

const BARE: [&str; 14] = [
    "scratch", "alpine", "debian", "ubuntu", "centos", "fedora", "rockylinux", "almalinux", "amazonlinux", "oraclelinux", "busybox", "archlinux", "opensuse/leap",
    "photon",
];

pub fn check(stage: Stage, report: &mut Report) {
    let Some(base) = images::base(stage).filter(|_| stage.is_shipped()) else { return };
    let bare = base.registry().is_absent() && base.repository().is_any(&BARE).is_true() || images::is_scratch(base);
    if bare && stage.facts().cmd().is_absent() && stage.facts().entrypoint().is_absent() {
        report.at(stage.from()).message(format!("{} of the shipped image has neither CMD nor ENTRYPOINT", stage.label()));
    }
}
