use crate::options::LabelNotAllowed;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(label: Instruction, options: &LabelNotAllowed, report: &mut Report) {
    if options.labels.is_empty() {
        return;
    }
    let allowed = |key: &str| options.labels.iter().any(|pattern| pattern.strip_suffix('*').map_or(pattern == key, |begin| key.starts_with(begin)));
    for pair in label.pairs() {
        if let Some(key) = pair.key().known().filter(|key| !allowed(key)) {
            report.at(pair).message(format!("label `{key}` is not one of the allowed"));
        }
    }
}
