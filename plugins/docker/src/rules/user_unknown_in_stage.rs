use crate::images;
use plimsoll_sdk::docker::{Instruction, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !images::base(stage).is_some_and(images::is_scratch) || !stage.facts().parents().is_empty().is_true() {
        return;
    }
    for instruction in stage.instructions() {
        if brings_passwd(instruction) {
            return;
        }
        if let Some(user) = instruction.value().known().filter(|user| instruction.is("USER") && is_name(user)) {
            report.at(instruction).message(format!("user `{user}` is looked up in /etc/passwd, which `scratch` does not have"));
        }
        if let Some(owner) = instruction.flags().chown().known().filter(|owner| is_name(owner)) {
            report.at(instruction).message(format!("owner `{owner}` is looked up in /etc/passwd, which `scratch` does not have"));
        }
    }
}

fn is_name(user: &str) -> bool {
    user.split(':').any(|part| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
}

/// Whether an instruction may put a passwd file into the image. A copy of directories may.
fn brings_passwd(instruction: Instruction) -> bool {
    let copies = instruction.is("COPY") || instruction.is("ADD");
    let brings = |source: &str| source.contains("passwd") || matches!(source.trim_matches(['/', '.', '*']), "" | "etc" | "rootfs") || source.ends_with(".tar") || source.contains(".tar.");
    instruction.is("RUN") || copies && (!instruction.sources().any(brings).is_false() || instruction.destination().holds(|to| to.contains("/etc")).is_true())
}
