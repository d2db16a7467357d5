use crate::port::{Open, number, open, takes_address};
use crate::service::label;
use plimsoll_sdk::compose::{Fix, Node, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let found: Vec<Open> = open(service).into_iter().filter(|(_, what)| what.is_none()).collect();
    let Some((first, _)) = found.first() else { return };
    let numbers: Vec<String> = found.iter().map(|(port, _)| number(*port)).collect();
    let message = format!("{} publishes {} on every interface of the host", label(service), numbers.join(", "));
    // One decision about the service, shown where the list begins. A comment beside an only port is about it too.
    let draft = if found.len() == 1 { report.at(*first) } else { report.at(service.ports()) };
    let draft = draft.message(message);
    let list = service.ports().node();
    let draft = match list.and_then(Node::key_span) {
        Some(key) => draft.span(key),
        None => draft,
    };
    if found.iter().all(|(port, _)| takes_address(*port)) {
        draft.fix(found.iter().fold(Fix::unsafe_("bind to 127.0.0.1"), |fix, (port, _)| fix.set(*port, "/host_ip", "127.0.0.1")));
    }
}
