use plimsoll_sdk::docker::{Dockerfile, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    for refused in file.facts().refused() {
        let healthcheck = refused.word().holds(|word| word.eq_ignore_ascii_case("HEALTHCHECK")) & refused.kind().is("arguments");
        if let Some(cause) = refused.cause().known().filter(|_| healthcheck.is_true()) {
            report.at(refused).message(format!("Docker refuses this HEALTHCHECK: {cause}"));
        }
    }
}
