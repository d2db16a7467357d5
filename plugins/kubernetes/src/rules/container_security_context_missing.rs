use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    let context = container.security_context();
    let empty = context.known().is_some_and(|context| context.node().is_empty());
    if context.is_absent() || empty {
        report.here().message(format!("{} has no security context", label(container)));
    }
}
