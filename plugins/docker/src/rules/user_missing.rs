use crate::options::UserMissing;
use crate::user;
use plimsoll_sdk::docker::{ImageRef, Report, Stage};

pub fn check<'a>(stage: Stage<'a>, options: &UserMissing, report: &mut Report<'a>) {
    let runs_as_root = |base: &ImageRef<'a>| user::is_service(stage, *base) && !user::steps_down(stage);
    let Some(base) = user::unset(stage, &options.nonroot).filter(runs_as_root) else { return };
    let image = base.reference().known().unwrap_or_default();
    let message = format!("{} of the shipped image sets no USER, so its service runs as whatever `{image}` sets, mostly root", stage.label());
    let draft = report.at(stage.from()).message(message);
    if let Some(fix) = user::creates(stage, base) {
        draft.fix(fix);
    }
}
