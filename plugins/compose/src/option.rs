//! Items of `security_opt`, which are written `name:value` or `name=value`.

use plimsoll_sdk::compose::{Fix, Item, Place, Report, Service};

/// Name and value of a security option; the value is empty where none is written.
pub(crate) fn split(option: &str) -> (&str, &str) {
    let (name, value) = option.split_once(['=', ':']).unwrap_or((option, ""));
    (name.trim(), value.trim())
}

/// Reports every security option that `is_wrong` names, with the fix that takes it away.
pub(crate) fn forbid(
    service: Service<'_>,
    report: &mut Report<'_>,
    is_wrong: impl Fn(&str, &str) -> bool,
    message: impl Fn(&str) -> String,
) {
    let options = service.security_opt();
    for item in options.items() {
        let Some(text) = item.value().known() else { continue };
        let (name, value) = split(text);
        if is_wrong(name, value) {
            report.at(item).message(message(text)).fix(without(service, item, options.count() == Some(1)));
        }
    }
}

fn without<'a>(service: Service<'a>, item: Item<'a, &'a str>, only: bool) -> Fix<'a> {
    let fix = Fix::unsafe_("remove the option");
    if only { fix.remove(service.node(), "/security_opt") } else { item.place().map_or(fix.clone(), |node| fix.remove(node, "")) }
}
