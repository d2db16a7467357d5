use crate::packages::ZYPPER;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for install in ZYPPER.actions(run, &["install", "in"]) {
        let pinned = |package: &str| package.contains(['=', '<', '>', '/', ':']) || package.ends_with(".rpm");
        let loose: Vec<String> = install.known().filter(|(_, package)| !pinned(package)).map(|(_, package)| format!("`{package}`")).collect();
        if !loose.is_empty() {
            report.at(install.command).message(format!("no version is named for {}", loose.join(", ")));
        }
    }
}
