use crate::images;
use plimsoll_sdk::docker::{Fix, Instruction, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let Some(base) = images::base(stage).filter(|_| stage.is_shipped()) else { return };
    if stage.facts().healthcheck().is_absent() && !images::needs_no_healthcheck(base) {
        let draft = report.at(stage.from()).message(format!("{} of the shipped image has no HEALTHCHECK", stage.label()));
        let expose = stage.each("EXPOSE").last();
        if let Some((expose, test)) = expose.and_then(|expose| Some((expose, images::tests_port(base, port(expose)?)?))) {
            draft.fix(Fix::unsafe_("ask the exposed port").insert_after(expose, format!("HEALTHCHECK CMD {test} || exit 1")));
        }
    }
}

/// Ports on which nobody speaks HTTP.
const NO_HTTP: [&str; 10] = ["21", "22", "25", "53", "389", "1883", "3306", "5432", "6379", "27017"];

/// The one TCP port that is exposed, if it may be a web server's.
fn port<'a>(expose: Instruction<'a>) -> Option<&'a str> {
    let value = expose.values().first().known().filter(|_| expose.values().count() == Some(1))?;
    let number = value.strip_suffix("/tcp").unwrap_or(value);
    (number.bytes().all(|digit| digit.is_ascii_digit()) && !NO_HTTP.contains(&number)).then_some(number)
}
