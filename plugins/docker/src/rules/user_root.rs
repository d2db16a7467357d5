use crate::options::UserRoot;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, options: &UserRoot, report: &mut Report) {
    let user = stage.facts().user();
    let Some(written) = user.value().known().filter(|_| stage.is_shipped()) else { return };
    let name = written.split(':').next().unwrap_or_default();
    if is_root(name) && !options.allow.iter().any(|allowed| allowed == written) {
        report.at(user).message(format!("the image runs as `{written}`: {} ends without another USER", stage.label()));
    }
}

fn is_root(name: &str) -> bool {
    name == "root" || (!name.is_empty() && name.bytes().all(|digit| digit == b'0'))
}
