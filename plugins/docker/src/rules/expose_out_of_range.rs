use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(expose: Instruction, report: &mut Report) {
    for item in expose.values().items() {
        let Some(value) = item.value().known() else { continue };
        let ports = value.split('/').next().unwrap_or_default().rsplit(':').next().unwrap_or_default();
        if ports.split('-').any(|port| port.parse::<u64>().is_ok_and(|port| port > 65535)) {
            report.at(item).message(format!("port `{value}` is above 65535, so nothing can listen there"));
        }
    }
}
