use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(expose: Instruction, report: &mut Report) {
    for item in expose.values().items() {
        let Some((value, protocol)) = item.value().known().and_then(|value| Some((value, value.split_once('/')?.1))) else { continue };
        if protocol.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let draft = report.at(item).message(format!("protocol `{protocol}` is written in capitals"));
            if item.node().source_text() == value {
                draft.fix(Fix::safe("write it small").set(item, "", value.to_ascii_lowercase()));
            }
        }
    }
}
