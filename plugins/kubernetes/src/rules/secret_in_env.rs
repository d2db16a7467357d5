use crate::container::label;
use crate::options::SecretInEnv;
use plimsoll_sdk::credential::{is_named_so, is_written_out, known_form};
use plimsoll_sdk::kubernetes::{Container, Report};

pub fn check(container: Container, options: &SecretInEnv, report: &mut Report) {
    for variable in container.env() {
        let (Some(name), Some(value)) = (variable.name().known(), variable.value().known()) else { continue };
        if options.allow.iter().any(|allowed| allowed == name) {
            continue;
        }
        let what = known_form(value).or_else(|| (is_named_so(name) && is_written_out(value)).then_some("a credential"));
        if let Some(what) = what {
            let message = format!("variable `{name}` of {} holds {what} as plain text", label(container));
            report.at(variable.value()).message(message).secret(variable.value());
        }
    }
}
