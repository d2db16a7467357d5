use crate::options::ModuleGitUnpinned;
use plimsoll_sdk::terraform::{ModuleCall, Report, State};

pub fn check(call: ModuleCall, options: &ModuleGitUnpinned, report: &mut Report) {
    let source = call.facts().source();
    if !source.kind().is_any(&["git", "mercurial"]).is_true() {
        return;
    }
    let name = call.name().known().unwrap_or("?");
    let cause = match source.ref_().read() {
        State::Absent => "names no revision".to_owned(),
        State::Known(revision) if options.branches.iter().any(|branch| branch == revision) => format!("names the branch `{revision}`"),
        _ => return,
    };
    report.at(call.source()).message(format!("the source of module `{name}` {cause}, so it changes whenever somebody pushes"));
}
