use plimsoll_sdk::docker::{Instruction, Report, Severity};

pub fn check(workdir: Instruction, report: &mut Report) {
    let Some(path) = workdir.value().known().filter(|path| is_relative(path)) else { return };
    if workdir.facts().workdir().is_absent() {
        report.at(workdir).message(format!("WORKDIR `{path}` is relative to whatever directory the base image sets"));
    } else {
        let draft = report.at(workdir).severity(Severity::Low);
        draft.message(format!("WORKDIR `{path}` is relative to the WORKDIR before it, and moves with it"));
    }
}

/// Neither absolute, on Windows either, nor empty.
fn is_relative(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']);
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|c: char| c.is_ascii_alphabetic());
    !path.is_empty() && !path.starts_with(['/', '\\', '$']) && !drive
}
