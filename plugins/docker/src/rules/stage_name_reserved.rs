use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if let Some(name) = stage.name().known().filter(|name| name.eq_ignore_ascii_case("scratch") || name.eq_ignore_ascii_case("context")) {
        report.at(stage.from()).message(format!("a stage is called `{name}`, which means something else to Docker"));
    }
}
