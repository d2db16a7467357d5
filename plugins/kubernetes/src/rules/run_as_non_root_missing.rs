use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    let facts = container.facts();
    let own_users = facts.pod().host_users().is(false);
    let safe = facts.non_root().is(true) | facts.user().holds(|user| user > 0.0) | own_users;
    // User 0 is a defect of its own.
    if !(safe | facts.user().is(0.0)).is_false() {
        return;
    }
    let name = label(container);
    let own = container.security_context().run_as_non_root();
    let fix = Fix::unsafe_("refuse to run as root");
    let fix = if own.is_absent() {
        fix.set(facts.pod(), "/securityContext/runAsNonRoot", true)
    } else {
        fix.set(container.node(), "/securityContext/runAsNonRoot", true)
    };
    if facts.non_root().is(false).is_true() {
        report.at_key(facts.non_root()).message(format!("{name} may run as root: `runAsNonRoot` is false")).fix(fix);
    } else {
        report.here().message(format!("{name} may run as root: neither it nor its pod sets `runAsNonRoot` or a user")).fix(fix);
    }
}
