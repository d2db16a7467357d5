use crate::layer::{added, resolve};
use crate::run::is_kept;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report, Stage};
use std::collections::BTreeMap;

pub fn check(stage: Stage, report: &mut Report) {
    if !is_kept(stage) {
        return;
    }
    // What added each path last.
    let mut there: BTreeMap<String, Instruction> = BTreeMap::new();
    for run in stage.instructions() {
        there.extend(added(run).into_iter().map(|path| (path, run)));
        for command in run.commands().iter().filter(|command| run.is("RUN") && (command.is("chmod") || command.is("chown"))) {
            let words: Vec<&str> = command.arguments().collect();
            let &[what, path] = &words[..] else { continue };
            let (Some(path), false) = (resolve(run, path), command.words().is_open() || path.contains(['*', '?'])) else { continue };
            let Some(copy) = there.get(&path) else { continue };
            let flags = copy.flags();
            if !flags.chmod().is_absent() && command.is("chmod") || !flags.chown().is_absent() && command.is("chown") || !copy.heredocs().is_empty().is_true() {
                continue;
            }
            let name = if command.is("chmod") { "chmod" } else { "chown" };
            let draft = report.at(command).message(format!("`{name}` of `{path}` puts it into the image a second time")).related(*copy, "it is copied here");
            if let Some(fix) = fix(*copy, run, command, name, what, &path) {
                draft.fix(fix);
            }
        }
    }
}

/// Says it in the copy, where that means the same: the one thing that is copied, and a mode in numbers.
fn fix<'a>(copy: Instruction<'a>, run: Instruction<'a>, command: Command<'a>, name: &str, what: &str, path: &str) -> Option<Fix<'a>> {
    let number = what.bytes().all(|digit| digit.is_ascii_digit());
    let recursive = command.has_any_flag(&["-R", "--recursive"]).is_true();
    let file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let one = copy.sources().count() == Some(1) && copy.flags().is_absent();
    if !one || !(number || name == "chown") || !(recursive || file) || what.contains(['$', '+', '-']) {
        return None;
    }
    let fix = Fix::safe(format!("say it in the {}", copy.keyword().known()?)).set(copy, &format!("/flags/{name}"), what);
    Some(if run.commands().count() == Some(1) { fix.remove(run, "") } else { fix.remove(command, "") })
}
