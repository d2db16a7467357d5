use crate::images;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report, Stage};

/// Programs by which an entrypoint steps down.
const STEPS_DOWN: [&str; 6] = ["gosu", "su-exec", "setpriv", "runuser", "s6-setuidgid", "chpst"];
/// Instructions behind which a USER changes nothing of the build.
const TAIL: [&str; 9] = ["CMD", "ENTRYPOINT", "HEALTHCHECK", "EXPOSE", "LABEL", "STOPSIGNAL", "VOLUME", "ENV", "ARG"];

pub fn check(stage: Stage, report: &mut Report) {
    if !stage.is_shipped() || !stage.facts().user().is_absent() {
        return;
    }
    let created = stage.each("RUN").flat_map(|run| run.commands().iter()).find_map(|command| Some((command, created(command)?)));
    let Some((command, name)) = created else { return };
    let entrypoint = [stage.facts().entrypoint(), stage.facts().cmd()];
    let own_script = entrypoint.iter().any(|instruction| instruction.text().holds(|text| text.contains("entrypoint") || text.contains(".sh")).is_true());
    let text = stage.instructions().iter().any(|instruction| {
        instruction.text().holds(|text| STEPS_DOWN.iter().any(|program| text.contains(program))).is_true()
    });
    // A script of the image's own may step down by itself, and a package that brings a service steps down by its settings.
    if own_script || text || images::base(stage).is_none_or(|base| images::is_non_root(base, &[])) {
        return;
    }
    let draft = report.at(command).message(format!("user `{name}` is created, and {} ends as root all the same", stage.label()));
    let works = |instruction: &Instruction| !TAIL.iter().any(|keyword| instruction.is(keyword));
    if let Some(anchor) = stage.instructions().iter().filter(works).last() {
        draft.fix(Fix::unsafe_(format!("run as `{name}`")).insert_after(anchor, format!("USER {name}")));
    }
}

fn created<'a>(command: Command<'a>) -> Option<&'a str> {
    if !command.is("useradd") && !command.is("adduser") {
        return None;
    }
    // `adduser user group` puts a user into a group.
    let words: Vec<&str> = command.arguments().collect();
    let name = *words.last()?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let joins = command.is("adduser") && words.len() == 2 && command.words().count() == Some(3);
    (plain && !joins && name.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(name)
}
