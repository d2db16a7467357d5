//! Ports that are published on every interface of the host.

use crate::datastore::{is_image, listener};
use plimsoll_sdk::compose::{Port, Service, Truth};

/// A port that every interface of the host leads to, and what sensitive thing listens there, if any.
pub(crate) type Open<'a> = (Port<'a>, Option<&'static str>);

/// The open ports of a service.
pub(crate) fn open(service: Service<'_>) -> Vec<Open<'_>> {
    let own_network = service.network_mode().holds(|mode| mode == "host" || mode == "none" || mode.contains(':'));
    if !own_network.is_false() {
        return vec![];
    }
    let store = service.build().is_absent() && is_image(service.facts().image());
    // A range stands as one port each, all at one place.
    let mut found: Vec<Open<'_>> = vec![];
    for port in service.ports().iter().filter(|port| everywhere(*port).is_true()) {
        let what = port.target().known().and_then(|port| listener(port, store)).or(store.then_some("a data store"));
        match found.last_mut() {
            Some((last, first)) if last.span() == port.span() => *first = first.or(what),
            _ => found.push((port, what)),
        }
    }
    found
}

/// How messages name it.
pub(crate) fn number(port: Port<'_>) -> String {
    port.published().known().map_or_else(|| "a random port".to_owned(), |port| format!("port {port}"))
}

/// Short syntax has no place for an address before a port that is chosen at random.
pub(crate) fn takes_address(port: Port<'_>) -> bool {
    port.facts().short().is(false).is_true() || !port.published().is_absent()
}

/// Whether it certainly binds every address. A `published` that is no port may hold an address too.
fn everywhere(port: Port<'_>) -> Truth {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let published = port.published();
    let plain = published.is_absent() || published.holds(|text| text.split('-').all(number)).is_true();
    let address = port.host_ip().or_absent("").holds(|ip| matches!(ip.trim_matches(['[', ']']), "" | "0.0.0.0" | "::" | "*"));
    address & plain
}
