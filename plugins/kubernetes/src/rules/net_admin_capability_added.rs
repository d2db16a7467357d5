use crate::capability::{Power, added};
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    added(container, Power::Network, ": it may change the network it is in", report);
}
