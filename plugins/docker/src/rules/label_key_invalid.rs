use plimsoll_sdk::docker::{Instruction, Report};

/// Namespaces that Docker keeps for itself.
const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

pub fn check(label: Instruction, report: &mut Report) {
    for pair in label.pairs() {
        let Some(key) = pair.key().known() else { continue };
        if let Some(why) = fault(key) {
            report.at(pair).message(format!("label `{key}` {why}"));
        }
    }
}

fn fault(key: &str) -> Option<&'static str> {
    if RESERVED.iter().any(|reserved| key.starts_with(reserved)) {
        return Some("is in a namespace that Docker keeps for itself");
    }
    let lower = |c: char| c.is_ascii_lowercase();
    let first = key.starts_with(lower);
    let last = key.ends_with(|c: char| lower(c) || c.is_ascii_digit());
    let inside = key.chars().all(|c| lower(c) || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '/'));
    let doubled = key.contains("..") || key.contains("--");
    (!(first && last && inside) || doubled).then_some("is no valid key: lower-case letters, digits, single dots and dashes, a letter first")
}
