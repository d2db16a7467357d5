use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report};

pub fn check(binding: Object, report: &mut Report) {
    let role = binding.role_ref();
    let built_in = binding.facts().name().holds(|name| name == "cluster-admin" || name.starts_with("system:"));
    if (role.name().is("cluster-admin") & role.kind().is("ClusterRole") & !built_in).is_true() {
        let names: Vec<_> = binding.subjects().iter().filter_map(|subject| subject.name().known()).take(4).collect();
        let who = if names.is_empty() { "its subjects".to_owned() } else { format!("`{}`", names.join("`, `")) };
        let what = if binding.kind().is("RoleBinding").is_true() { "everything in its namespace" } else { "everything in the cluster" };
        report.at(role.name()).message(format!("{} gives {who} `cluster-admin`: {what}", owner(binding.node())));
    }
}
