use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Fix, Report};

pub fn check(container: Container, report: &mut Report) {
    let mount = container.security_context().proc_mount();
    let Some(kind) = mount.known().filter(|kind| *kind != "Default" && container.facts().pod().host_users().is(false).is_false()) else {
        return;
    };
    let fix = Fix::unsafe_("mask it as usual").remove(container, "/securityContext/procMount");
    report.at_key(mount).message(format!("{} sees `/proc` without the usual masks (`procMount: {kind}`)", label(container))).fix(fix);
}
