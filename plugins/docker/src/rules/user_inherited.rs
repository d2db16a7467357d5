use crate::options::UserInherited;
use crate::user;
use plimsoll_sdk::docker::{Report, Stage};

pub fn check<'a>(stage: Stage<'a>, options: &UserInherited, report: &mut Report<'a>) {
    let Some(base) = user::unset(stage, &options.nonroot, false) else { return };
    let image = base.reference().known().unwrap_or_default();
    let draft = report.at(stage.from()).message(format!("{} of the shipped image sets no USER and leaves it to `{image}`", stage.label()));
    if let Some(fix) = user::creates(stage, base) {
        draft.fix(fix);
    }
}
