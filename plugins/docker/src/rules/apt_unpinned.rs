use crate::packages::APT;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for install in APT.actions(run, &["install"]) {
        let loose: Vec<String> = install.known().filter(|(_, package)| !is_pinned(package)).map(|(_, package)| format!("`{package}`")).collect();
        if !loose.is_empty() {
            report.at(install.command).message(format!("no version is named for {}", loose.join(", ")));
        }
    }
}

/// With a version or a release, a file, or no package at all (`curl-` removes, `+` is a task's).
fn is_pinned(package: &str) -> bool {
    package.contains(['=', '/']) || package.ends_with(".deb") || package.ends_with('-')
}
