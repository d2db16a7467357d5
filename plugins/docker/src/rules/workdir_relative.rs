use plimsoll_sdk::docker::{Fix, Instruction, Report, Severity};

pub fn check(workdir: Instruction, report: &mut Report) {
    let Some(path) = workdir.value().known().filter(|path| is_relative(path)) else { return };
    if workdir.facts().workdir().is_absent() {
        let draft = report.at(workdir).message(format!("WORKDIR `{path}` is relative to whatever directory the base image sets"));
        if let Some(value) = workdir.value().node().filter(|value| value.source_text() == path && !path.contains("..")) {
            draft.fix(Fix::unsafe_("make it absolute").set(value, "", format!("/{}", path.trim_start_matches("./"))));
        }
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
