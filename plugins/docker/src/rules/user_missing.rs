use crate::images;
use crate::options::UserMissing;
use plimsoll_sdk::docker::{Fix, Instruction, Report, Severity, Stage};

/// Instructions behind which a USER changes nothing of the build.
const TAIL: [&str; 9] = ["CMD", "ENTRYPOINT", "HEALTHCHECK", "EXPOSE", "LABEL", "STOPSIGNAL", "VOLUME", "ENV", "ARG"];
const NUMBER: u32 = 10001;
const NAME: &str = "app";

pub fn check(stage: Stage, options: &UserMissing, report: &mut Report) {
    let Some(base) = images::base(stage).filter(|_| stage.is_shipped()) else { return };
    if !stage.facts().user().is_absent() || images::is_windows(base) || images::is_non_root(base, &options.nonroot) {
        return;
    }
    let message = format!("{} of the shipped image sets no USER, so it runs as whatever `{}` sets, mostly root", stage.label(), base.reference().known().unwrap_or_default());
    // An image that starts nothing is for others to build on, and they may still set a user.
    let starts = !stage.facts().cmd().is_absent() || !stage.facts().entrypoint().is_absent();
    let draft = report.at(stage.from()).message(message);
    let draft = if starts { draft } else { draft.severity(Severity::Low) };
    let works = |instruction: &Instruction| !TAIL.iter().any(|keyword| instruction.is(keyword));
    let anchor = stage.instructions().iter().filter(works).last().or(stage.from().known());
    let Some(anchor) = anchor else { return };
    let mut fix = Fix::unsafe_("run as an unprivileged user");
    if let Some(creates) = images::creates_user(base, NUMBER, NAME) {
        fix = fix.insert_after(anchor, format!("RUN {creates}"));
    }
    draft.fix(fix.insert_after(anchor, format!("USER {NUMBER}")));
}
