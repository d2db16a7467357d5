use plimsoll_sdk::docker::{Instruction, Report};

const TREES: [&str; 6] = ["/proc", "/sys", "/dev", "/boot", "/initrd", "/lost+found"];

pub fn check(workdir: Instruction, report: &mut Report) {
    let Some(path) = workdir.facts().sets().value().known() else { return };
    let below = |tree: &str| path.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(tree) = TREES.iter().find(|tree| below(tree)) {
        report.at(workdir).message(format!("working directory `{path}` lies in {tree}, which is the kernel's"));
    }
}
