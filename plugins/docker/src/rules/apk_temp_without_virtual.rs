use crate::packages::APK;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for del in APK.actions(run, &["del"]) {
        let deleted: Vec<&str> = del.known().map(|(_, name)| name).collect();
        let add = APK.actions(run, &["add"]).take_while(|add| add.at < del.at).find(|add| {
            let group = add.command.has_any_flag(&["-t", "--virtual"]);
            group.is_false() && add.operands.len() > 1 && add.known().any(|(_, name)| deleted.contains(&name))
        });
        let Some(add) = add else { continue };
        let draft = report.at(add.command).message("packages are added and deleted by their names, with no group that keeps them together").related(del.command, "deleted here");
        let added: Vec<&str> = add.known().map(|(_, name)| name).collect();
        if added.len() == add.operands.len() && added == deleted && del.operands.len() == deleted.len() {
            let mut fix = Fix::unsafe_("put them into the group `.build-deps`").insert_after(add.word, "--virtual .build-deps");
            for (at, item) in del.operands.iter().enumerate() {
                fix = if at == 0 { fix.set(*item, "", ".build-deps") } else { fix.remove(*item, "") };
            }
            draft.fix(fix);
        }
    }
}
