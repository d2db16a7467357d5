use crate::workload::{Which, forbid, image};
use plimsoll_sdk::terraform::{Report, Resource, State};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let (written, policy) = (container.get("image"), container.get("image_pull_policy"));
        let (tag, digest) = image(written.str().known()?);
        let wrong = match policy.str().read() {
            State::Known(policy) => policy != "Always",
            State::Absent => !matches!(tag, None | Some("" | "latest")),
            State::Unknown => false,
        };
        let place = policy.node().or(written.node()).filter(|_| wrong && !digest)?;
        Some((place, "does not always pull its image".to_owned()))
    });
}
