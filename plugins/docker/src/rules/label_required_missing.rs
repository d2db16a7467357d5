use crate::options::LabelRequiredMissing;
use plimsoll_sdk::docker::{Report, Stage, Truth};

pub fn check(stage: Stage, options: &LabelRequiredMissing, report: &mut Report) {
    if options.labels.is_empty() || !stage.is_shipped() || stage.instructions().is_open() || stage.facts().parents().is_open() {
        return;
    }
    let has = |label: &str| {
        core::iter::once(stage)
            .chain(stage.facts().parents().iter())
            .flat_map(|stage| stage.each("LABEL"))
            .fold(Truth::False, |sum, instruction| sum | instruction.pairs().any(|pair| pair.key().is(label)))
    };
    let missing: Vec<String> = options.labels.iter().filter(|label| has(label).is_false()).map(|label| format!("`{label}`")).collect();
    if !missing.is_empty() {
        report.at(stage.from()).message(format!("{} of the shipped image lacks the label{} {}", stage.label(), if missing.len() == 1 { "" } else { "s" }, missing.join(", ")));
    }
}
