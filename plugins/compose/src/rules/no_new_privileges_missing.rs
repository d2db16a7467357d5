use crate::option::split;
use crate::service::{label, runs};
use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let options = service.security_opt();
    let set = options.any(|option| matches!(split(option), ("no-new-privileges", "" | "true")));
    if !set.is_false() || !runs(service) {
        return;
    }
    let fix = Fix::unsafe_("add `no-new-privileges:true`");
    let off = options.items().find(|item| item.value().holds(|option| split(option).0 == "no-new-privileges").is_true());
    let fix = match off {
        Some(item) => fix.set(item.node(), "", "no-new-privileges:true"),
        None => fix.append(service, "/security_opt", "no-new-privileges:true"),
    };
    let message = format!("processes of {} may gain privileges through setuid programs", label(service));
    let draft = if options.is_absent() { report.at_key(service) } else { report.at_key(options) };
    draft.message(message).fix(fix);
}
