use plimsoll_sdk::docker::{Report, Stage};

/// Programs whose options say what to run.
const RUNNERS: [&str; 14] = ["java", "python", "python3", "node", "sh", "bash", "ash", "tini", "dumb-init", "env", "dotnet", "php", "ruby", "perl"];

pub fn check(stage: Stage, report: &mut Report) {
    let entrypoint = stage.facts().entrypoint();
    if !stage.is_shipped() || !stage.facts().cmd().is_absent() || !entrypoint.form().is("exec").is_true() {
        return;
    }
    let words: Vec<&str> = entrypoint.words().iter().collect();
    let Some((first, rest)) = words.split_first() else { return };
    let program = first.rsplit('/').next().unwrap_or_default();
    if let Some(option) = rest.iter().find(|word| word.starts_with('-') && **word != "--").filter(|_| !RUNNERS.contains(&program)) {
        report.at(entrypoint).message(format!("option `{option}` stands in ENTRYPOINT, so nobody who starts the image can leave it out"));
    }
}
