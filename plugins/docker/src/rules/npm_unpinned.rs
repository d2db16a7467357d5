use crate::packages::NPM;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for install in NPM.actions(run, NPM.installs) {
        let loose: Vec<String> = install.known().filter(|(_, package)| !is_pinned(package)).map(|(_, package)| format!("`{package}`")).collect();
        if !loose.is_empty() {
            report.at(install.command).message(format!("no version is named for {}", loose.join(", ")));
        }
    }
}

/// With a version, a path, an archive, or an address; a repository needs a reference.
fn is_pinned(package: &str) -> bool {
    let git = package.starts_with("git+") || package.starts_with("git://") || package.ends_with(".git");
    if git {
        return package.contains('#');
    }
    let archive = [".tar", ".tar.gz", ".tgz"].iter().any(|end| package.ends_with(end));
    let path = package.starts_with(['.', '/', '~']) || package.contains("://");
    archive || path || package.trim_start_matches('@').contains('@') || package.contains('#')
}
