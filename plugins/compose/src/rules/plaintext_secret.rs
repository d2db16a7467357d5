use crate::options::PlaintextSecret;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};
use plimsoll_sdk::credential::{is_named_so, is_written_out, known_form};

pub fn check(service: Service, options: &PlaintextSecret, report: &mut Report) {
    let from_files: Vec<u32> = service.facts().from_files().items().map(|item| item.node().target().index()).collect();
    for entry in service.environment().entries() {
        let (name, node) = (entry.key(), entry.node());
        let Some(value) = entry.value().known() else { continue };
        // What a variable of the project gives is written there, and not in the Compose file; a default in the expression is.
        let elsewhere = node.origin().any(|origin| !node.span().contains(origin.at));
        if elsewhere || from_files.contains(&node.index()) || options.allow.iter().any(|allowed| allowed == name) {
            continue;
        }
        let what = known_form(value).or_else(|| (is_named_so(name) && is_written_out(value)).then_some("a credential"));
        if let Some(what) = what {
            report.at(entry).message(format!("variable `{name}` of {} holds {what} as plain text", label(service))).secret(entry);
        }
    }
}
