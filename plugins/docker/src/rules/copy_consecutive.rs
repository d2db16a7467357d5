use crate::run::is_kept;
use plimsoll_sdk::docker::{Instruction, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    let all: Vec<Instruction> = stage.instructions().iter().collect();
    for group in all.chunk_by(|one, next| alike(*one, *next)).filter(|group| group.len() > 1) {
        let (keyword, to) = (group[0].keyword().known().unwrap_or_default(), group[0].destination().known().unwrap_or_default());
        let draft = report.at(group[0]).message(format!("{} {keyword} instructions to `{to}` make as many layers", group.len()));
        group[1..].iter().fold(draft, |draft, next| draft.related(*next, "could be part of it"));
    }
}

fn alike(one: Instruction, next: Instruction) -> bool {
    let keyword = one.keyword().known().filter(|keyword| matches!(*keyword, "COPY" | "ADD"));
    let (Some(keyword), Some(to)) = (keyword, one.destination().known()) else { return false };
    let plain = [one, next].iter().all(|copy| copy.heredocs().is_empty().is_true());
    plain && next.is(keyword) && next.destination().is(to).is_true() && flags(one) == flags(next)
}

fn flags(copy: Instruction) -> String {
    copy.flags().known().map_or(String::new(), |flags| flags.node().source_text().to_owned())
}
