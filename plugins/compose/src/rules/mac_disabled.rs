use crate::option::forbid;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let wrong = |name: &str, value: &str| matches!((name, value), ("apparmor" | "systempaths", "unconfined") | ("label", "disable"));
    forbid(service, report, wrong, |option| format!("`{option}` takes from {} a guard that containers have by default", label(service)));
}
