use crate::workload::{Which, forbid, image};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let written = container.get("image");
        let reference = written.str().known()?;
        let cause = match image(reference) {
            (_, true) => return None,
            (None | Some(""), _) => "has no tag, which means `latest`",
            (Some("latest"), _) => "has the moving tag `latest`",
            _ => return None,
        };
        Some((written.node()?, format!("runs image `{reference}`, which {cause}")))
    });
}
