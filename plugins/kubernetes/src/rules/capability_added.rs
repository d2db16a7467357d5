use crate::capability::{Power, added};
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, report: &mut Report) {
    added(container, Power::More, ", which is beyond what containers get by default", report);
}
