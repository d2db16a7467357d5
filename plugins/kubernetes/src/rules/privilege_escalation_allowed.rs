use crate::container::{label, on_windows};
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    let security = container.security_context();
    let allowed = security.allow_privilege_escalation();
    if !allowed.is(false).is_false() || !on_windows(container).is_false() {
        return;
    }
    let how = if allowed.is_absent() { "`allowPrivilegeEscalation` is not set to false" } else { "`allowPrivilegeEscalation` is true" };
    let draft = report.at_key(allowed).message(format!("{} may gain more privileges than it starts with: {how}", label(container)));
    // An API server refuses `false` beside either of these.
    let needed = security.privileged().is(true) | security.capabilities().add().any(|name| name.ends_with("SYS_ADMIN"));
    if needed.is_false() {
        draft.fix(Fix::unsafe_("forbid it").set(container.node(), "/securityContext/allowPrivilegeEscalation", false));
    }
}
