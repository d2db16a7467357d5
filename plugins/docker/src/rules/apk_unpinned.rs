use crate::packages::APK;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for add in APK.actions(run, &["add"]) {
        let pinned = |package: &str| package.contains(['=', '~', '<', '>', '@']) || package.ends_with(".apk") || package.starts_with(['!', '.', '/']);
        let loose: Vec<String> = add.known().filter(|(_, package)| !pinned(package)).map(|(_, package)| format!("`{package}`")).collect();
        if !loose.is_empty() {
            report.at(add.command).message(format!("no version is named for {}", loose.join(", ")));
        }
    }
}
