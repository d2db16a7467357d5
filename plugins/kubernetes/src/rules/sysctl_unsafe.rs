use crate::container::pod_label;
use plimsoll_sdk::kubernetes::{Pod, Report};

/// Kernel settings that are a pod's own and harm no one else: the baseline Pod Security Standard's list for 1.37.
const SAFE: [&str; 15] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_notsent_lowat",
    "",
];

pub fn check(pod: Pod, report: &mut Report) {
    for setting in pod.spec().security_context().sysctls() {
        if let Some(name) = setting.name().known().filter(|name| !SAFE.contains(&name.replace('/', ".").as_str())) {
            report.at(setting.name()).message(format!("{} sets the unsafe sysctl `{name}`", pod_label(pod.node())));
        }
    }
}
