use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission { groups: &[""], resources: &["pods/portforward"], verbs: &["get", "create"] };

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "forward ports of pods", report);
}
