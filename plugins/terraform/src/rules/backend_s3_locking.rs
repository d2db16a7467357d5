use crate::constraint::is_at_least;
use crate::module::is_whole_backend;
use plimsoll_sdk::terraform::{Backend, Fix, Module, Report, View};

pub fn check(backend: Backend, report: &mut Report) {
    let body = backend.body();
    let locks = body.get("use_lockfile").bool().is(true) | body.get("dynamodb_table").exists();
    if !locks.is_false() || !is_whole_backend(backend) {
        return;
    }
    let draft = report.at(backend).message("nothing locks the state in S3: neither `use_lockfile` nor `dynamodb_table` is set");
    let constraints = Module::from_node(backend.node().doc().root()).facts().version_constraints();
    let allowed = constraints.iter().any(|constraint| constraint.str().holds(|constraint| is_at_least(constraint, 1, 10)).is_true());
    if allowed || constraints.is_empty().is_true() {
        _ = draft.fix(Fix::unsafe_("lock it by a file beside it (Terraform 1.10 or newer)").set(body.node(), "/use_lockfile", true));
    }
}
