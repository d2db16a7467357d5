use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(copy: Instruction, report: &mut Report) {
    let sources = copy.sources();
    let (Some(count), Some(destination)) = (sources.count(), copy.destination().known()) else { return };
    let files = count + copy.heredocs().count().unwrap_or(0);
    if files < 2 || destination.is_empty() || destination.ends_with(['/', '\\', '.']) {
        return;
    }
    let draft = report.at(copy).message(format!("{files} sources go to `{destination}`, which does not end in a slash, so it is no directory"));
    if copy.destination().node().is_some_and(|node| node.source_text() == destination) {
        draft.fix(Fix::safe("end the destination in a slash").set(copy, "/destination", format!("{destination}/")));
    }
}
