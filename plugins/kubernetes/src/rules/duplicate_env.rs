use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Field, Report};

pub fn check(container: Container, report: &mut Report) {
    let mut names: Vec<(&str, Field<&str>)> = vec![];
    for variable in container.env() {
        let Some(name) = variable.name().known() else { continue };
        match names.iter().find(|(known, _)| *known == name) {
            Some((_, first)) => {
                let message = format!("variable `{name}` of {} is set a second time; only the last counts", label(container));
                report.at(variable.name()).message(message).related(*first, "set here first");
            }
            None => names.push((name, variable.name())),
        }
    }
}
