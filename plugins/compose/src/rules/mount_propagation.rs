use crate::service::label;
use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    for mount in service.volumes() {
        let propagation = mount.bind().propagation();
        let Some(mode) = propagation.known().filter(|mode| matches!(*mode, "shared" | "rshared" | "slave" | "rslave")) else { continue };
        let draft = report.at(propagation).message(format!("mounts below a volume of {} propagate (`{mode}`)", label(service)));
        if mount.facts().short().is(true).is_false() {
            _ = draft.fix(Fix::unsafe_("keep mounts private").remove(mount, "/bind/propagation"));
        }
    }
}
