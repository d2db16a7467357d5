use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    let Some(to) = copy.destination().known().filter(|_| copy.facts().workdir().is_absent()) else { return };
    let path = to.trim_matches(['"', '\'']);
    let drive = path.as_bytes().get(1) == Some(&b':');
    if !path.is_empty() && !path.starts_with(['/', '\\', '$']) && !drive {
        report.at(copy).message(format!("`{to}` is relative, and no WORKDIR says to what"));
    }
}
