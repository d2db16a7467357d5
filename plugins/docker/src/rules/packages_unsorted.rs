use crate::packages::{APK, APT, Manager, RPM, ZYPPER};
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let managers: [&Manager; 4] = [&APT, &APK, &RPM, &ZYPPER];
    for action in managers.iter().flat_map(|manager| manager.installs(run)) {
        let names: Vec<&str> = action.known().map(|(_, name)| name).collect();
        let written = |at: usize| action.operands[at].node().source_text() == names[at];
        if names.len() != action.operands.len() || names.len() < 2 || action.command.words().is_open() || !(0..names.len()).all(written) {
            continue;
        }
        let lines = action.operands.windows(2).all(|pair| {
            let between = pair[0].span().end as usize..pair[1].span().start as usize;
            run.node().doc().source_text(pair[0].span().source).get(between).is_some_and(|text| text.contains('\n'))
        });
        let mut sorted = names.clone();
        sorted.sort_unstable();
        if lines && sorted != names {
            let mut fix = Fix::safe("sort them");
            for ((item, _), new) in action.operands.iter().zip(&names).zip(&sorted).filter(|((_, old), new)| old != new) {
                fix = fix.set(*item, "", *new);
            }
            let out = names.windows(2).find(|pair| pair[0] > pair[1]).map_or("", |pair| pair[1]);
            report.at(action.command).message(format!("packages are not in order: `{out}` stands too late")).fix(fix);
        }
    }
}
