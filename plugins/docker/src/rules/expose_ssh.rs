use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(expose: Instruction, report: &mut Report) {
    let values = expose.values();
    for item in values.items() {
        let Some(value) = item.value().known().filter(|value| is_ssh(value)) else { continue };
        let draft = report.at(item).message(format!("EXPOSE `{value}` says that the image serves ssh"));
        if values.count() == Some(1) {
            draft.fix(Fix::unsafe_("remove the port").remove(expose, ""));
        }
    }
}

fn is_ssh(value: &str) -> bool {
    let ports = value.split('/').next().unwrap_or_default().rsplit(':').next().unwrap_or_default();
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    matches!((first.parse::<u32>(), last.parse::<u32>()), (Ok(first), Ok(last)) if (first..=last).contains(&22))
}
