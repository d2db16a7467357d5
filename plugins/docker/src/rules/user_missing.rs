use crate::options::UserMissing;
use crate::user;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check<'a>(stage: Stage<'a>, options: &UserMissing, report: &mut Report<'a>) {
    let Some(base) = user::unset(stage, &options.nonroot, true) else { return };
    let image = base.reference().known().unwrap_or_default();
    let message = format!("{} of the shipped image sets no USER, so its service runs as whatever `{image}` sets, mostly root", stage.label());
    let draft = report.at(stage.from()).message(message);
    if let Some(fix) = user::creates(stage, base) {
        draft.fix(fix);
    }
}
