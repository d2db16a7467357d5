use crate::packages::{APT, RPM, ZYPPER};
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let apt = APT.actions(run, &["dist-upgrade", "full-upgrade"]);
    let zypper = ZYPPER.actions(run, &["dist-upgrade", "dup"]);
    for upgrade in apt.chain(zypper).chain(RPM.actions(run, &["distro-sync", "system-upgrade"])) {
        let name = upgrade.command.name().known().unwrap_or_default();
        report.at(upgrade.command).message(format!("`{name} {}` turns the image into another release than its tag says", upgrade.verb));
    }
}
