use plimsoll_sdk::docker::{Dockerfile, Instruction, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    for refused in file.facts().refused().iter().filter(|refused| refused.kind().is("arguments").is_true()) {
        let (Some(word), Some(cause)) = (refused.word().known(), refused.cause().known()) else { continue };
        // These have rules of their own.
        if !word.eq_ignore_ascii_case("HEALTHCHECK") && !word.eq_ignore_ascii_case("ONBUILD") {
            report.at(refused).message(format!("Docker refuses this line: {cause}"));
        }
    }
    for instruction in file.stages().iter().flat_map(|stage| stage.instructions().iter()) {
        if instruction.keyword().is_any(&["USER", "WORKDIR", "STOPSIGNAL"]).is_true() && has_surplus(instruction) {
            let keyword = instruction.keyword().known().unwrap_or_default();
            let text = instruction.text().known().unwrap_or_default();
            report.at(instruction).message(format!("{keyword} takes one argument, and gets `{text}`"));
        }
    }
}

fn has_surplus(instruction: Instruction) -> bool {
    let Some(text) = instruction.text().known() else { return false };
    let text = text.trim();
    !text.contains(['"', '\'', '$', '\\', '`']) && text.contains([' ', '\t'])
}
