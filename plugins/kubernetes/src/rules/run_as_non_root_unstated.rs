use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    let facts = container.facts();
    let stated = facts.non_root().is(true) | facts.pod().host_users().is(false);
    let Some(user) = facts.user().known().filter(|user| *user > 0.0 && stated.is_false()) else { return };
    let own = !container.security_context().run_as_non_root().is_absent();
    let fix = Fix::safe("say so");
    let fix = if own {
        fix.set(container.node(), "/securityContext/runAsNonRoot", true)
    } else {
        fix.set(facts.pod(), "/securityContext/runAsNonRoot", true)
    };
    report
        .at_key(facts.user())
        .message(format!("{} runs as user {user}, but `runAsNonRoot` does not demand it", label(container)))
        .fix(fix);
}
