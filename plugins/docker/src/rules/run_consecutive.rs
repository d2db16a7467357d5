use crate::run::is_kept;
use plimsoll_sdk::docker::{Fix, Instruction, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    let all: Vec<Instruction> = stage.instructions().iter().collect();
    for pair in all.windows(2) {
        if pair.iter().all(|run| run.is("RUN") && is_simple(*run)) && flags(pair[0]) == flags(pair[1]) {
            // About the second, shown where the first begins: a waiver at either covers it.
            let draft = report.at(pair[1]).span(pair[0].span()).message("this RUN and the next, of one command each, make two layers").related(pair[1], "the next one");
            let plain = pair.iter().all(|run| run.form().is("shell").is_true() && !run.node().source_text().contains(['\n', '#']));
            let alone = |run: &Instruction| run.commands().iter().all(|command| command.depth().is(0.0).is_true());
            let parts = pair[0].commands().last().known().zip(pair[1].script().text().known());
            if let Some((first, second)) = parts.filter(|_| plain && pair.iter().all(alone)) {
                let text = format!("{} \\\n && {second}", pair[0].node().source_text());
                draft.related(first, "could go on behind this").fix(Fix::unsafe_("join them").set(pair[0], "", text).remove(pair[1], ""));
            }
        }
    }
}

fn is_simple(run: Instruction) -> bool {
    run.commands().count() == Some(1) && run.heredocs().is_empty().is_true()
}

fn flags(run: Instruction) -> String {
    run.flags().known().map_or(String::new(), |flags| flags.node().source_text().to_owned())
}
