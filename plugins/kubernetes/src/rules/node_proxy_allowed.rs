use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission { groups: &[""], resources: &["nodes/proxy"], verbs: &["get", "create"] };

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "talk to kubelets past the API server", report);
}
