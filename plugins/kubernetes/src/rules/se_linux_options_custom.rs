use crate::container::{label, pod_label};
use plimsoll_sdk::kubernetes::{Field, Pod, Report, SeLinuxOptions};

/// Types for containers, which the baseline Pod Security Standard allows.
const TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

pub fn check(pod: Pod, report: &mut Report) {
    judge(pod.spec().security_context().se_linux_options(), &pod_label(pod.node()), report);
    for container in pod.containers().iter().chain(pod.init_containers()).chain(pod.ephemeral_containers()) {
        judge(container.security_context().se_linux_options(), &label(container), report);
    }
}

fn judge(options: Field<SeLinuxOptions>, who: &str, report: &mut Report) {
    let parts = [("type", options.type_(), &TYPES[..]), ("user", options.user(), &TYPES[..1]), ("role", options.role(), &TYPES[..1])];
    for (part, field, allowed) in parts {
        if let Some(value) = field.known().filter(|value| !allowed.contains(value)) {
            report.at_key(field).message(format!("{who} sets the SELinux {part} `{value}`, which is not one for containers"));
        }
    }
}
