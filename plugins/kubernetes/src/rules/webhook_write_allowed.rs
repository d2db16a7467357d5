use crate::role::Permission;
use plimsoll_sdk::kubernetes::{PolicyRule, Report};

const PERMISSION: Permission = Permission {
    groups: &["admissionregistration.k8s.io"],
    resources: &["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
    verbs: &["create", "update", "patch", "delete", "deletecollection"],
};

pub fn check(rule: PolicyRule, report: &mut Report) {
    PERMISSION.judge(rule, "change what admission asks", report);
}
