use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission {
    groups: &["", "authentication.k8s.io"],
    resources: &["users", "groups", "serviceaccounts", "userextras", "uids"],
    verbs: &["impersonate"],
};

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "act as others", report);
}
