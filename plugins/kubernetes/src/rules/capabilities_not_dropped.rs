use crate::container::{label, on_windows};
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    let capabilities = container.security_context().capabilities();
    if capabilities.drop().is_empty().is_true() && on_windows(container).is_false() {
        let fix = Fix::unsafe_("drop all of them").set(container.node(), "/securityContext/capabilities/drop", ["ALL"]);
        report
            .at_key(capabilities)
            .message(format!("{} keeps every capability that the runtime gives by default", label(container)))
            .fix(fix);
    }
}
