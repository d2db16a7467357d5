use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission =
    Permission { groups: &["", "events.k8s.io"], resources: &["events"], verbs: &["delete", "deletecollection"] };

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "delete events", report);
}
