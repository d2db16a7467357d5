use crate::service::label;
use plimsoll_sdk::compose::{Report, Service, Severity};

/// Capabilities that lead out of the container, or to the network of the host.
const DANGEROUS: [&str; 15] = [
    "ALL",
    "SYS_ADMIN",
    "SYS_PTRACE",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_BOOT",
    "SYS_TIME",
    "NET_ADMIN",
    "NET_RAW",
    "DAC_READ_SEARCH",
    "DAC_OVERRIDE",
    "BPF",
    "PERFMON",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
];

pub fn check(service: Service, report: &mut Report) {
    for item in service.cap_add().items() {
        let Some(written) = item.value().known() else { continue };
        let upper = written.to_ascii_uppercase();
        let dangerous = DANGEROUS.contains(&upper.strip_prefix("CAP_").unwrap_or(&upper));
        let draft = report.at(item).message(format!("{} gets the capability `{written}`", label(service)));
        if !dangerous {
            _ = draft.severity(Severity::Info);
        }
    }
}
