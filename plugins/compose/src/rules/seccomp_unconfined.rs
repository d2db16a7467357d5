use crate::option::forbid;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let wrong = |name: &str, value: &str| name == "seccomp" && value == "unconfined";
    forbid(service, report, wrong, |option| format!("`{option}` lets {} make every system call", label(service)));
}
