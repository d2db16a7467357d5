use crate::packages::pip_installs;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for install in pip_installs(run) {
        let listed = install.command.has_any_flag(&["-r", "--requirement", "-c", "--constraint", "-e", "--editable"]);
        let joined = install.command.words().any(|word| word.len() > 2 && (word.starts_with("-r") || word.starts_with("-c")) && !word.starts_with("--"));
        if !(listed | joined).is_false() {
            continue;
        }
        let loose: Vec<String> = install.known().filter(|(_, package)| !is_pinned(package)).map(|(_, package)| format!("`{package}`")).collect();
        if !loose.is_empty() {
            report.at(install.command).message(format!("no version is named for {}", loose.join(", ")));
        }
    }
}

/// With a comparison, a path, a file, or an address; an address of a repository needs a reference.
fn is_pinned(package: &str) -> bool {
    if let Some((scheme, rest)) = package.split_once("://").filter(|_| package.starts_with("git+") || package.starts_with("hg+") || package.starts_with("svn+") || package.starts_with("bzr+")) {
        _ = scheme;
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        return path.contains('@');
    }
    let file = [".whl", ".tar.gz", ".zip", ".egg", ".tar", ".tgz", ".tar.bz2"].iter().any(|end| package.ends_with(end));
    file || package.contains("://") || package.contains(['=', '<', '>', '~', '@', ';']) || package.starts_with(['.', '/']) || package.ends_with('/')
}
