//! Capabilities that a container adds.

use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Report};

/// What the baseline Pod Security Standard lets a container add: what runtimes give by default, and `NET_BIND_SERVICE`.
const BASELINE: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// What adding a capability comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    /// What the restricted standard allows.
    Harmless,
    /// What the baseline standard allows.
    Default,
    /// Anything else, and names that are none.
    More,
    /// The node's network.
    Network,
    /// As good as root on the node.
    Root,
}

/// What a name in `capabilities.add` comes to. Standards know the names in upper case without `CAP_` only; runtimes are more lenient, so both
/// spellings of the powerful ones count.
fn power(name: &str) -> Power {
    let plain = name.to_ascii_uppercase();
    match plain.strip_prefix("CAP_").unwrap_or(&plain) {
        "SYS_ADMIN" | "ALL" => Power::Root,
        "NET_ADMIN" => Power::Network,
        _ if name == "NET_BIND_SERVICE" => Power::Harmless,
        _ if BASELINE.contains(&name) => Power::Default,
        _ => Power::More,
    }
}

/// Reports each added capability of that power; `what` says what it allows.
pub(crate) fn added(container: Container<'_>, wanted: Power, what: &str, report: &mut Report<'_>) {
    for item in container.security_context().capabilities().add().items() {
        if let Some(name) = item.value().known().filter(|name| power(name) == wanted) {
            report.at(item).message(format!("{} adds capability `{name}`{what}", label(container)));
        }
    }
}
