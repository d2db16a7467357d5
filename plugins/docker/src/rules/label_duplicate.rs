use plimsoll_sdk::docker::{Fix, Instruction, Pair, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let all: Vec<(Instruction, Pair)> = stage.each("LABEL").flat_map(|label| label.pairs().iter().map(move |pair| (label, pair))).collect();
    for (at, (label, pair)) in all.iter().enumerate() {
        let Some(key) = pair.key().known() else { continue };
        let Some((_, later)) = all[at + 1..].iter().find(|(_, later)| later.key().is(key).is_true()) else { continue };
        let draft = report.at(*pair).message(format!("label `{key}` is set again below, so this one never counts")).related(*later, "this one counts");
        if label.pairs().count() == Some(1) {
            draft.fix(Fix::safe("remove the one that does not count").remove(*label, ""));
        }
    }
}
