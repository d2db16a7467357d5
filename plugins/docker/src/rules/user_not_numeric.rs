use crate::run::is_root;
use plimsoll_sdk::docker::{Command, Dockerfile, Fix, Report, Stage, View as _};

pub fn check(stage: Stage, report: &mut Report) {
    let user = stage.facts().user();
    let Some(written) = user.value().known().filter(|_| stage.is_shipped()) else { return };
    let name = written.split(':').next().unwrap_or_default();
    let instruction = user.subject();
    let by_argument = instruction.text().holds(|text| text.contains('$'));
    if is_root(written) || name.is_empty() || name.bytes().all(|digit| digit.is_ascii_digit()) || !by_argument.is_false() {
        return;
    }
    let draft = report.at(user).message(format!("user `{name}` is a name, which does not show that it is not root"));
    let file = Dockerfile::from_node(stage.node().doc().root());
    let number = file.stages().iter().flat_map(|stage| stage.each("RUN")).flat_map(|run| run.commands().iter()).find_map(|command| number_of(command, name));
    if let (Some(number), Some(value)) = (number, instruction.value().node()) {
        let group = written.split_once(':').map_or(String::new(), |(_, group)| format!(":{group}"));
        draft.fix(Fix::unsafe_(format!("write its number, {number}")).set(value, "", format!("{number}{group}")));
    }
}

/// The number that a command gives the user of this name.
fn number_of<'a>(command: Command<'a>, name: &str) -> Option<&'a str> {
    if !command.is("useradd") && !command.is("adduser") || command.arguments().last() != Some(name) {
        return None;
    }
    let number = command.flag_value("-u").known().or(command.flag_value("--uid").known())?;
    number.bytes().all(|digit| digit.is_ascii_digit()).then_some(number)
}
