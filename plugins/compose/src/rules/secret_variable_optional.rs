use crate::service::label;
use plimsoll_sdk::compose::{Fix, Project, Report, Service, View as _};
use plimsoll_sdk::credential::is_named_so;

pub fn check(service: Service, report: &mut Report) {
    let variables = Project::from_node(service.node().doc().root()).facts().variables();
    for entry in service.environment().entries() {
        let text = entry.node().source_text();
        let Some((before, rest)) = text.split_once("${") else { continue };
        let Some((name, behind)) = rest.split_once('}') else { continue };
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain && is_named_so(name) && !before.ends_with('$') && variables.has_key(name).is_false() {
            let fixed = format!("{before}${{{name}:?}}{behind}");
            report
                .at(entry)
                .message(format!("`{}` of {} is empty if nobody sets `{name}`", entry.key(), label(service)))
                .fix(Fix::unsafe_("refuse to start without it").replace_source(entry.node(), fixed));
        }
    }
}
