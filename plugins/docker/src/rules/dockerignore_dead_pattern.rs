use crate::context::is_unwanted_pattern;
use plimsoll_sdk::docker::{Dockerfile, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    let context = file.facts().context();
    let entries = context.entries();
    if entries.is_open() || !entries.exists().is_true() {
        return;
    }
    for item in context.dockerignore().patterns().items() {
        let Some(text) = item.value().known() else { continue };
        let top = text.trim_start_matches('/').split('/').next().unwrap_or_default();
        // What comes and goes is rightly kept out before it is there.
        if is_unwanted_pattern(text) || text.starts_with('!') || top.is_empty() || matches!(top, "." | "..") || top.contains(['*', '?', '[', '#', '\\']) {
            continue;
        }
        if !entries.iter().any(|entry| entry.path().is(top).is_true()) {
            report.at(item).message(format!("`{text}` keeps nothing out: there is no `{top}` in the build context"));
        }
    }
}
