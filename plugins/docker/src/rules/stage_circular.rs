use plimsoll_sdk::docker::{Dockerfile, Report, Stage};

pub fn check(file: Dockerfile, report: &mut Report) {
    let stages: Vec<Stage> = file.stages().iter().collect();
    if stages.len() < 2 {
        return;
    }
    let needs: Vec<Vec<usize>> = stages.iter().map(|stage| needed(*stage, &stages)).collect();
    for (at, stage) in stages.iter().enumerate() {
        // The first stage of a ring speaks for it, and a stage's own name is another rule's matter.
        let mut seen = vec![false; stages.len()];
        let mut open: Vec<usize> = needs[at].iter().copied().filter(|other| *other > at).collect();
        while let Some(other) = open.pop() {
            if other == at {
                report.at(stage.from()).message(format!("{} needs a stage that needs it in turn", stage.label()));
                return;
            }
            if !core::mem::replace(&mut seen[other], true) {
                open.extend(needs[other].iter().copied().filter(|next| *next != other));
            }
        }
    }
}

fn needed(stage: Stage, all: &[Stage]) -> Vec<usize> {
    let place = |wanted: Stage| all.iter().position(|other| other.node().index() == wanted.node().target().index());
    let mut found: Vec<usize> = stage.facts().parent().known().and_then(place).into_iter().collect();
    for instruction in stage.instructions() {
        found.extend(instruction.facts().copies().known().and_then(place));
        found.extend(instruction.flags().mount().iter().filter_map(|mount| mount.from_stage().known().and_then(place)));
    }
    found
}
