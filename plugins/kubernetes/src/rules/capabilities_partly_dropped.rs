use crate::container::{label, on_windows};
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    let dropped = container.security_context().capabilities().drop();
    let all = dropped.any(|name| name.eq_ignore_ascii_case("ALL"));
    if (dropped.is_empty() | all).is_false() && on_windows(container).is_false() {
        let names: Vec<_> = dropped.iter().take(4).collect();
        let more = if dropped.count().is_some_and(|count| count > 4) { " …" } else { "" };
        let fix = Fix::unsafe_("drop all of them").set(container.node(), "/securityContext/capabilities/drop", ["ALL"]);
        report
            .at_key(dropped)
            .message(format!("{} drops {}{more} and keeps the other capabilities", label(container), names.join(", ")))
            .fix(fix);
    }
}
