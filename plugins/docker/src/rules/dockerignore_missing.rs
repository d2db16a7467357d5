use crate::context::{UNWANTED, copies, copies_all};
use plimsoll_sdk::docker::{Dockerfile, Fix, Instruction, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    let context = file.facts().context();
    let Some(folder) = context.path().known().filter(|_| context.dockerignore().is_absent()) else { return };
    let entries = context.entries();
    let is_directory = |source: &str| {
        let name = source.trim_start_matches("./").trim_end_matches('/');
        entries.iter().any(|entry| entry.directory().is(true).is_true() && entry.path().is(name).is_true())
    };
    let copies_directory = |copy: &Instruction| copy.flags().from().is_absent() && copy.sources().iter().any(is_directory);
    let Some(copy) = copies_all(file).or_else(|| copies(file).find(copies_directory)) else { return };
    let what = if copy.facts().whole_context().is(true).is_true() { "the whole context" } else { "a directory of the context" };
    let draft = report.at(copy).message(format!("{} copies {what}, and no .dockerignore keeps anything out of it", copy.keyword().known().unwrap_or_default()));
    let lies = |name: &str| entries.iter().any(|entry| entry.path().is(name).is_true());
    // What the file speaks of is wanted in the build.
    let text = file.node().doc().source_text(file.span().source);
    let patterns = UNWANTED.iter().filter(|unwanted| unwanted.is_usual(lies)).map(|unwanted| unwanted.pattern);
    let lines: String = patterns.filter(|pattern| !text.contains(pattern.trim_end_matches(".*"))).map(|pattern| format!("{pattern}\n")).collect();
    if !lines.is_empty() {
        let path = if matches!(folder, "." | "") { ".dockerignore".to_owned() } else { format!("{folder}/.dockerignore") };
        draft.fix(Fix::safe("write a .dockerignore").create_file(&path, lines));
    }
}
