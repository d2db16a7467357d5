use crate::{images, user};
use plimsoll_sdk::docker::{Command, Fix, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    if !stage.is_shipped() || !stage.facts().user().is_absent() {
        return;
    }
    let created = stage.each("RUN").flat_map(|run| run.commands().iter()).find_map(|command| Some((command, created(command)?)));
    let Some((command, name)) = created else { return };
    let entrypoint = [stage.facts().entrypoint(), stage.facts().cmd()];
    let own_script = entrypoint.iter().any(|instruction| instruction.text().holds(|text| text.contains("entrypoint") || text.contains(".sh")).is_true());
    // A script of the image's own may step down by itself, and a package that brings a service steps down by its settings.
    if own_script || user::steps_down(stage) || images::base(stage).is_none_or(|base| images::is_non_root(base, &[])) {
        return;
    }
    let draft = report.at(command).message(format!("user `{name}` is created, and {} ends as root all the same", stage.label()));
    if let Some(anchor) = user::last_work(stage) {
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
