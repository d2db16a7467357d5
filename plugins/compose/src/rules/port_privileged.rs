use crate::options::PortPrivileged;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, options: &PortPrivileged, report: &mut Report) {
    let dropped = service.cap_drop().any(|capability| {
        let name = capability.to_ascii_uppercase();
        matches!(name.strip_prefix("CAP_").unwrap_or(&name), "ALL" | "NET_BIND_SERVICE")
    });
    if !dropped.is_false() {
        return;
    }
    let mut last = None;
    for port in service.ports() {
        let Some(published) = port.published().known() else { continue };
        let first = published.split('-').next().and_then(|port| port.parse::<u32>().ok());
        let low = first.is_some_and(|first| (1..1024).contains(&first));
        if low && last != Some(port.span()) && !options.allow.iter().any(|allowed| allowed == published) {
            report.at(port).message(format!("{} takes the privileged port {published} of the host", label(service)));
        }
        last = Some(port.span());
    }
}
