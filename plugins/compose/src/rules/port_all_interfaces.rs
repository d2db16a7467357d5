use crate::datastore::{is_image, listener};
use crate::service::label;
use plimsoll_sdk::compose::{Fix, Port, Report, Service, Severity, Truth};

pub fn check(service: Service, report: &mut Report) {
    let own_network = service.network_mode().holds(|mode| mode == "host" || mode == "none" || mode.contains(':'));
    if !own_network.is_false() {
        return;
    }
    let store = service.build().is_absent() && is_image(service.facts().image());
    // A range stands as one port each, all at one place.
    let mut found: Vec<(Port, Option<&str>)> = vec![];
    for port in service.ports().iter().filter(|port| everywhere(*port).is_true()) {
        let what = port.target().known().and_then(listener).or(store.then_some("a data store"));
        match found.last_mut() {
            Some((last, first)) if last.span() == port.span() => *first = first.or(what),
            _ => found.push((port, what)),
        }
    }
    for (port, what) in found {
        let number = port.published().known().map_or_else(|| "a random port".to_owned(), |port| format!("port {port}"));
        let listens = what.map_or(String::new(), |what| format!(", where {what} listens"));
        let draft = report.at(port).message(format!("{} publishes {number} on every interface of the host{listens}", label(service)));
        let draft = if what.is_none() { draft.severity(Severity::Low) } else { draft };
        // Short syntax has no place for an address before a port that is chosen at random.
        if port.facts().short().is(false).is_true() || !port.published().is_absent() {
            _ = draft.fix(Fix::unsafe_("bind it to 127.0.0.1").set(port, "/host_ip", "127.0.0.1"));
        }
    }
}

/// Whether it certainly binds every address. A `published` that is no port may hold an address too.
fn everywhere(port: Port) -> Truth {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let published = port.published();
    let plain = published.is_absent() || published.holds(|text| text.split('-').all(number)).is_true();
    let address = port.host_ip().or_absent("").holds(|ip| matches!(ip.trim_matches(['[', ']']), "" | "0.0.0.0" | "::" | "*"));
    address & plain
}
