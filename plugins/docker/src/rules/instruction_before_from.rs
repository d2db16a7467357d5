use plimsoll_sdk::docker::{Dockerfile, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    let Some(first) = file.facts().refused().iter().find(|refused| refused.kind().is("order").is_true()) else { return };
    let word = first.word().known().unwrap_or("an instruction");
    report.at(first).message(format!("{word} stands before the first FROM, where it belongs to no stage"));
}
