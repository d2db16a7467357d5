use crate::option::forbid;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    // With `label:` before it the engine refuses it or passes it over; what the author wants is plain.
    let wrong = |name: &str, value: &str| matches!((name, value), ("seccomp", "unconfined") | ("label", "seccomp:unconfined" | "seccomp=unconfined"));
    forbid(service, report, wrong, |option| {
        let how = if option.starts_with("label") { "sets no SELinux label, and is meant to let" } else { "lets" };
        format!("`{option}` {how} {} make every system call", label(service))
    });
}
