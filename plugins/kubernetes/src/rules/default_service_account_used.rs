use crate::container::pod_label;
use plimsoll_sdk::kubernetes::{Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    let account = pod.service_account();
    let default = account.or_absent("default").holds(|name| name.is_empty() || name == "default");
    if (default & !pod.spec().automount_service_account_token().is(false)).is_true() {
        report.here().message(format!("{} uses the service account `default`", pod_label(pod.node())));
    }
}
