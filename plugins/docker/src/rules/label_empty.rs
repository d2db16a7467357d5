use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(label: Instruction, report: &mut Report) {
    for pair in label.pairs() {
        if let (Some(key), Some("")) = (pair.key().known(), pair.value().known().map(str::trim)) {
            report.at(pair).message(format!("label `{key}` is empty"));
        }
    }
}
