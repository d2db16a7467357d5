use crate::workload::{Which, forbid};
use plimsoll_sdk::terraform::{Report, Resource};

pub fn check(resource: Resource, report: &mut Report) {
    forbid(resource, report, Which::All, |container| {
        let set = container.blocks("env").iter().find(|env| env.get("name").str().is("GITSYNC_GIT").is_true())?;
        Some((set.node(), "tells git-sync which program to run as git (`GITSYNC_GIT`)".to_owned()))
    });
}
