use crate::service::label;
use plimsoll_sdk::compose::{Report, Service, State};
use plimsoll_sdk::credential::{is_named_so, is_written_out, known_form};

pub fn check(service: Service, report: &mut Report) {
    for entry in service.build().args().entries() {
        let name = entry.key();
        let leaks = match entry.value().read() {
            State::Known(value) => known_form(value).is_some() || is_named_so(name) && is_written_out(value),
            // What is passed through from outside ends in the image just the same.
            State::Unknown | State::Absent => is_named_so(name),
        };
        if leaks {
            report.at(entry).message(format!("the build of {} gets the credential `{name}` as an argument, which stays in the image's history", label(service))).secret(entry);
        }
    }
}
