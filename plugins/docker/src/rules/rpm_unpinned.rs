use crate::packages::RPM;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for install in RPM.actions(run, &["install", "in", "reinstall", "rei", "module"]) {
        let module = install.verb == "module";
        if module && install.known().next().is_none_or(|(_, word)| word != "install") {
            continue;
        }
        let named = install.known().skip(usize::from(module));
        let loose: Vec<String> = named.filter(|(_, package)| !is_pinned(package)).map(|(_, package)| format!("`{package}`")).collect();
        if !loose.is_empty() {
            report.at(install.command).message(format!("no version is named for {}", loose.join(", ")));
        }
    }
}

/// With a version behind a dash (`httpd-2.4.24`), a file or an address, or a group or module's stream.
fn is_pinned(package: &str) -> bool {
    let version = package.split('-').skip(1).any(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    version || package.ends_with(".rpm") || package.contains(['/', ':', '=', '<', '>']) || package.starts_with('@')
}
