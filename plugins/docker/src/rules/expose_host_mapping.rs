use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(expose: Instruction, report: &mut Report) {
    for item in expose.values().items() {
        let Some(value) = item.value().known().filter(|value| value.contains(':')) else { continue };
        let port = value.rsplit(':').next().unwrap_or(value);
        let draft = report.at(item).message(format!("EXPOSE `{value}` maps a port; only `{port}` counts"));
        if port.starts_with(|c: char| c.is_ascii_digit()) && item.node().source_text() == value {
            draft.fix(Fix::safe("name the port of the container alone").set(item, "", port));
        }
    }
}
