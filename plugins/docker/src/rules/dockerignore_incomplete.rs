use crate::context::{UNWANTED, Unwanted, copies_all};
use plimsoll_sdk::docker::{Dockerfile, Fix, Report, Severity};

pub fn check(file: Dockerfile, report: &mut Report) {
    let context = file.facts().context();
    let (Some(ignore), Some(copy)) = (context.dockerignore().known(), copies_all(file)) else { return };
    let entries = context.entries();
    let lies = |name: &str| entries.iter().any(|entry| entry.path().is(name).is_true());
    let mut secrets: Vec<(&str, &Unwanted)> = vec![];
    let mut ballast: Vec<(&str, &Unwanted)> = vec![];
    for entry in entries {
        let Some(name) = entry.path().known().filter(|_| entry.ignored().is(false).is_true()) else { continue };
        let Some(unwanted) = UNWANTED.iter().find(|unwanted| unwanted.is(name, lies)) else { continue };
        if unwanted.secret { &mut secrets } else { &mut ballast }.push((name, unwanted));
    }
    for (found, severity, what) in [(secrets, Severity::High, "which may hold credentials"), (ballast, Severity::Low, "which no image needs")] {
        if found.is_empty() {
            continue;
        }
        let names: Vec<String> = found.iter().map(|(name, _)| format!("`{name}`")).collect();
        let path = ignore.path().known().unwrap_or(".dockerignore");
        let draft = report.at(copy).severity(severity).message(format!("the whole context is copied with {}, {what}: {path} does not keep it out", names.join(", ")));
        let mut patterns: Vec<&str> = found.iter().map(|(_, unwanted)| unwanted.pattern).collect();
        patterns.dedup();
        // A pattern at the end wins over every `!` before it, so only a file without these can be completed safely.
        let again = ignore.patterns().any(|pattern| pattern.starts_with('!'));
        if let Some(last) = ignore.patterns().items().last().filter(|_| again.is_false()) {
            let text = format!("{}\n{}", last.node().source_text(), patterns.join("\n"));
            draft.fix(Fix::safe(format!("add {} to {path}", patterns.join(", "))).set(last, "", text));
        }
    }
}
