use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(volume: Instruction, report: &mut Report) {
    for item in volume.values().items() {
        let Some(path) = item.value().known() else { continue };
        let top = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if path.starts_with('/') && matches!(top, "proc" | "sys" | "dev") {
            report.at(item).message(format!("volume `{path}` lies over a tree of the kernel"));
        }
    }
}
