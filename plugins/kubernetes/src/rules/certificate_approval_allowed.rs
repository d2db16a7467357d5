use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission =
    Permission { groups: &["certificates.k8s.io"], resources: &["certificatesigningrequests/approval"], verbs: &["update", "patch"] };

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "approve certificates", report);
}
