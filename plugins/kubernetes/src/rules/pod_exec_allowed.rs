use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission { groups: &[""], resources: &["pods/exec"], verbs: &["get", "create"] };

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "run commands in pods", report);
}
