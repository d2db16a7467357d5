use crate::run::is_root;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    let user = copy.facts().user().value();
    let Some(user) = user.known().filter(|user| !is_root(user)) else { return };
    if copy.flags().chown().is_absent() {
        report
            .at(copy)
            .message(format!("the files are root's, although the user is `{user}`"))
            .fix(Fix::unsafe_(format!("give them to `{user}`")).set(copy, "/flags/chown", user));
    }
}
