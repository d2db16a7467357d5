use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission {
    groups: &["rbac.authorization.k8s.io"],
    resources: &["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
    verbs: &["bind", "escalate"],
};

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "give more than it has itself", report);
}
