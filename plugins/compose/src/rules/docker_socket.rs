use crate::path::{holds_socket, is_socket, of_host};
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    if is_proxy(service) {
        return;
    }
    for mount in service.volumes() {
        let Some(path) = of_host(mount).known() else { continue };
        let message = if is_socket(path) {
            format!("{} mounts the container engine's socket `{path}`", label(service))
        } else if holds_socket(path) {
            format!("{} mounts `{path}`, which holds the container engine's socket", label(service))
        } else {
            continue;
        };
        report.at(mount).message(message);
    }
}

/// Whether the service is the filter that stands before the socket: it needs it, and others then do not.
fn is_proxy(service: Service) -> bool {
    let named = |name: &str| name == "docker-proxy" || name == "dockerproxy" || name.ends_with("socket-proxy");
    service.facts().image().name().holds(named).is_true()
}
