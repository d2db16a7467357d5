use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let applies = service.privileged().or_absent(false).is(true).is_false() && service.provider().is_absent();
    if applies && service.security_opt().is_absent() {
        report.at_key(service).message(format!("{} says by no `security_opt` which AppArmor, SELinux or seccomp profile holds for it", label(service)));
    }
}
