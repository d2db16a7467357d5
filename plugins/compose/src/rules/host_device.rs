use crate::options::HostDevice;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, options: &HostDevice, report: &mut Report) {
    let allowed = |path: &str| options.allow.iter().any(|allowed| path.strip_prefix(allowed.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    for device in service.devices() {
        if let Some(path) = device.source().known().filter(|path| !allowed(path)) {
            report.at(device).message(format!("{} gets the device `{path}` of the host", label(service)));
        }
    }
    if service.device_cgroup_rules().is_empty().is_false() {
        report.at_key(service.device_cgroup_rules()).message(format!("{} may use devices of the host by rule", label(service)));
    }
}
