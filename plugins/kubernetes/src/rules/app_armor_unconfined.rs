use crate::container::{label, pod_label};
use plimsoll_sdk::kubernetes::{Field, Pod, Profile, Report};

const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

pub fn check(pod: Pod, report: &mut Report) {
    judge(pod.spec().security_context().app_armor_profile(), &pod_label(pod.node()), report);
    for container in pod.containers().iter().chain(pod.init_containers()).chain(pod.ephemeral_containers()) {
        judge(container.security_context().app_armor_profile(), &label(container), report);
    }
    for annotation in pod.metadata().annotations().entries() {
        let (Some(name), Some(profile)) = (annotation.key().strip_prefix(ANNOTATION), annotation.value().known()) else { continue };
        if !matches!(profile, "" | "runtime/default") && !profile.starts_with("localhost/") {
            report.at_key(annotation).message(format!("container `{name}` has AppArmor profile `{profile}`"));
        }
    }
}

fn judge(profile: Field<Profile>, who: &str, report: &mut Report) {
    let kind = profile.type_();
    if let Some(written) = kind.known().filter(|kind| !matches!(*kind, "RuntimeDefault" | "Localhost")) {
        report.at_key(kind).message(format!("{who} has AppArmor profile `{written}`"));
    }
}
