use crate::context::is_secret_file;
use crate::layer::{added, resolve};
use crate::run::is_kept;
use plimsoll_sdk::docker::{Instruction, Report, Severity, Stage};
use std::collections::BTreeMap;

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    // Each path with its place in the order of what was added, so that a long file costs no more per line than a short one.
    let mut there: BTreeMap<String, (usize, Instruction)> = BTreeMap::new();
    for instruction in stage.instructions() {
        for command in instruction.commands().iter().filter(|command| instruction.is("RUN") && command.is("rm") && !command.words().is_open()) {
            let removed = command.arguments().filter_map(|word| resolve(instruction, word));
            let found = removed.filter_map(|path| there.get_key_value(&path)).min_by_key(|(_, (order, _))| *order);
            let Some((path, (_, copy))) = found else { continue };
            let secret = is_secret_file(path);
            let draft = report.at(command).message(format!("`{path}` stays in the layer that added it")).related(*copy, "added here");
            if !secret {
                _ = draft.severity(Severity::Medium);
            }
        }
        for path in added(instruction) {
            let order = there.len();
            there.entry(path).or_insert((order, instruction));
        }
    }
}
