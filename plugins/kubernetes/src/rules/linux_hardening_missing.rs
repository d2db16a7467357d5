use crate::container::{label, object, on_windows};
use plimsoll_sdk::kubernetes::{Container, Field, Profile, Report, Truth};

pub fn check(container: Container, report: &mut Report) {
    let facts = container.facts();
    let options = facts.se_linux();
    let selinux = options.type_().exists() | options.level().exists() | options.user().exists() | options.role().exists();
    let capabilities = container.security_context().capabilities();
    let adds_all = capabilities.add().any(|name| name.eq_ignore_ascii_case("ALL"));
    let dropped = !capabilities.drop().is_empty() & !adds_all;
    let hardened = confined(facts.seccomp()) | confined(facts.app_armor()) | annotated(container) | selinux | dropped;
    if (hardened | on_windows(container)).is_false() {
        report
            .here()
            .message(format!("{} has no seccomp or AppArmor profile, no SELinux options and keeps all capabilities", label(container)));
    }
}

fn confined(profile: Field<Profile>) -> Truth {
    profile.type_().holds(|kind| kind != "Unconfined")
}

fn annotated(container: Container) -> Truth {
    let Some(name) = container.name().known() else { return Truth::Unknown };
    let key = format!("container.apparmor.security.beta.kubernetes.io/{name}");
    let pod = object(container.node()).facts().pod();
    pod.metadata().annotations().get(&key).holds(|profile| profile != "unconfined")
}
