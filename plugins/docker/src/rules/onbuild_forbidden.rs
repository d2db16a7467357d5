use crate::keywords;
use plimsoll_sdk::docker::{Dockerfile, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    for refused in file.facts().refused() {
        let Some(wrapped) = refused.text().known().and_then(first).filter(|_| refused.word().holds(|word| word.eq_ignore_ascii_case("ONBUILD")).is_true())
        else {
            continue;
        };
        if matches!(wrapped.as_str(), "ONBUILD" | "FROM" | "MAINTAINER") {
            report.at(refused).message(format!("ONBUILD cannot defer {wrapped}"));
        }
    }
    for onbuild in file.stages().iter().flat_map(|stage| stage.each("ONBUILD")) {
        if let Some(wrapped) = onbuild.text().known().and_then(first).filter(|wrapped| !keywords::ALL.contains(&wrapped.as_str())) {
            report.at(onbuild).message(format!("ONBUILD defers `{wrapped}`, which is no instruction"));
        }
    }
}

fn first(text: &str) -> Option<String> {
    text.split_whitespace().next().map(str::to_ascii_uppercase)
}
