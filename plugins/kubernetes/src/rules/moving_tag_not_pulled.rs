use crate::container::label;
use crate::options::MovingTagNotPulled;
use plimsoll_sdk::kubernetes::{Container, Fix, Report, State};

pub fn check(container: Container, options: &MovingTagNotPulled, report: &mut Report) {
    let image = container.facts().image();
    let policy = container.image_pull_policy();
    let moving = match image.tag().read() {
        State::Known(tag) => options.tags.iter().any(|moving| moving == tag),
        State::Absent => image.reference().known().is_some(),
        State::Unknown => false,
    };
    let Some(written) = policy.known().filter(|policy| *policy != "Always" && moving && image.digest().is_absent()) else { return };
    let reference = image.reference().known().unwrap_or_default();
    let fix = Fix::unsafe_("pull it at each start").set(container, "/imagePullPolicy", "Always");
    report.at_key(policy).message(format!("image `{reference}` of {} moves, but has pull policy `{written}`", label(container))).fix(fix);
}
