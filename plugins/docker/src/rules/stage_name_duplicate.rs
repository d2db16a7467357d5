use plimsoll_sdk::docker::{Dockerfile, Report, Stage};

pub fn check(file: Dockerfile, report: &mut Report) {
    let mut seen: Vec<(String, Stage)> = vec![];
    for stage in file.stages() {
        let Some(name) = stage.name().known().map(str::to_ascii_lowercase) else { continue };
        match seen.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => {
                report.at(stage.from()).message(format!("two stages are called `{name}`")).related(first.from(), "the first is here");
            }
            None => seen.push((name, stage)),
        }
    }
}
