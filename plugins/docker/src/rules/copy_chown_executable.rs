use plimsoll_sdk::docker::{Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let user = stage.facts().user();
    let Some(user) = user.value().known().filter(|_| stage.is_shipped()) else { return };
    let name = |owner: &str| owner.split(':').next().unwrap_or_default().to_owned();
    for copy in stage.instructions() {
        if copy.flags().chown().holds(|owner| name(owner) == name(user)).is_true() {
            report.at(copy).message(format!("`{}` owns the files it runs", name(user)));
        }
    }
}
