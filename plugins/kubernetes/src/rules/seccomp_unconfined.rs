use crate::container::{label, pod_label};
use plimsoll_sdk::kubernetes::{Field, Fix, Pod, Profile, Report};

pub fn check(pod: Pod, report: &mut Report) {
    judge(pod.spec().security_context().seccomp_profile(), &pod_label(pod.node()), report);
    for container in pod.containers().iter().chain(pod.init_containers()).chain(pod.ephemeral_containers()) {
        judge(container.security_context().seccomp_profile(), &label(container), report);
    }
}

fn judge(profile: Field<Profile>, who: &str, report: &mut Report) {
    let kind = profile.type_();
    if let Some(written) = kind.known().filter(|kind| !matches!(*kind, "RuntimeDefault" | "Localhost")) {
        let fix = Fix::unsafe_("use the runtime's profile").set(profile, "/type", "RuntimeDefault");
        report.at_key(kind).message(format!("{who} has seccomp profile `{written}`, which filters no system call")).fix(fix);
    }
}
