use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(maintainer: Instruction, report: &mut Report) {
    let draft = report.at(maintainer).message("MAINTAINER is deprecated; a label says the same and more");
    let Some(text) = maintainer.value().known() else { return };
    let plain = text.trim().trim_matches('"');
    if !plain.contains(['"', '\\', '$', '\n']) {
        draft.fix(Fix::safe("write it as a label").set(maintainer, "", format!("LABEL org.opencontainers.image.authors=\"{plain}\"")));
    }
}
