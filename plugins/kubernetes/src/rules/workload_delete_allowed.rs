use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission {
    groups: &["", "apps", "batch", "extensions"],
    resources: &[
        "pods",
        "deployments",
        "daemonsets",
        "statefulsets",
        "replicasets",
        "replicationcontrollers",
        "jobs",
        "cronjobs",
        "secrets",
    ],
    verbs: &["delete", "deletecollection"],
};

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "delete workloads or secrets", report);
}
