use crate::workload::{Which, forbid, image};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let written = container.get("image");
        let reference = written.str().known().filter(|reference| !image(reference).1)?;
        Some((written.node()?, format!("runs image `{reference}`, which is not named by digest")))
    });
}
