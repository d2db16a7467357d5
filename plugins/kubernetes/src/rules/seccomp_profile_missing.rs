use crate::container::{label, on_windows};
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    let facts = container.facts();
    if (facts.seccomp().type_().exists() | on_windows(container)).is_false() {
        let fix = Fix::unsafe_("use the runtime's profile").set(facts.pod(), "/securityContext/seccompProfile/type", "RuntimeDefault");
        report.here().message(format!("{} has no seccomp profile, so it may make every system call", label(container))).fix(fix);
    }
}
