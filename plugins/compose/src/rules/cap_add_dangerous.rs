use crate::service::label;
use plimsoll_sdk::compose::{Report, Service, Severity};

/// Capabilities that lead out of the container, or to the network of the host.
const DANGEROUS: [&str; 13] = [
    "ALL",
    "SYS_ADMIN",
    "SYS_PTRACE",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_BOOT",
    "SYS_TIME",
    "NET_ADMIN",
    "DAC_READ_SEARCH",
    "BPF",
    "PERFMON",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
];

/// What a container has anyway: adding it gives nothing, or back one of those that `cap_drop: [ALL]` took.
const DEFAULT: [&str; 14] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];
/// Words in the names of images that make networks: tunnels and filters.
const NETWORKS: [&str; 16] = [
    "wireguard", "wg", "gluetun", "vpn", "openvpn", "tailscale", "headscale", "netbird", "zerotier", "firezone", "firewall", "iptables", "nftables", "dhcp", "fail2ban",
    "bouncer",
];

pub fn check(service: Service, report: &mut Report) {
    for item in service.cap_add().items() {
        let Some(written) = item.value().known() else { continue };
        let upper = written.to_ascii_uppercase();
        let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
        if DEFAULT.contains(&name) || name == "NET_ADMIN" && makes_networks(service) {
            continue;
        }
        let dangerous = DANGEROUS.contains(&name);
        let draft = report.at(item).message(format!("{} gets the capability `{written}`", label(service)));
        if !dangerous {
            _ = draft.severity(Severity::Info);
        }
    }
}

/// Whether networks of its own are what the service is for: its image says so, it opens a tunnel, or forwards.
fn makes_networks(service: Service) -> bool {
    let words = |name: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| NETWORKS.contains(&word));
    let image = service.facts().image().reference().holds(words).is_true();
    let tunnel = service.devices().node().is_some_and(|node| node.source_text().contains("/dev/net/tun"));
    let forwards = service.sysctls().entries().any(|entry| {
        let key = entry.key();
        key.starts_with("net.") && ["forward", "forwarding", "src_valid_mark"].iter().any(|end| key.ends_with(end))
    });
    let shares = !service.network_mode().is_absent() && !service.network_mode().is("host").is_false();
    !shares && (image || tunnel || forwards)
}
