use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission { groups: &[""], resources: &["pods/attach"], verbs: &["get", "create"] };

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "attach to the processes of pods", report);
}
