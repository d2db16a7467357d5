use crate::capability::{Power, added};
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    added(container, Power::Root, ", which is as good as root on the node", report);
}
