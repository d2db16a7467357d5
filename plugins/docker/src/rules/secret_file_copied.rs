use crate::context::{is_secret_file, is_tool_setting};
use plimsoll_sdk::docker::{Instruction, Report, Severity};

pub fn check(copy: Instruction, report: &mut Report) {
    for item in copy.sources().items() {
        let Some(source) = item.value().known() else { continue };
        if is_secret_file(source) {
            report.at(copy).message(format!("`{source}` holds credentials, to judge by its name, and is copied into the image"));
            return;
        }
        if is_tool_setting(source) {
            report.at(copy).severity(Severity::High).message(format!("`{source}` often holds a token, and is copied into the image"));
            return;
        }
    }
}
