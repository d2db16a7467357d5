use crate::module::{is_part_or_sample, is_partial, place};
use plimsoll_sdk::terraform::{Module, Report};

pub fn check(module: Module, report: &mut Report) {
    let stored = module.facts().backend().exists() | module.facts().cloud().exists();
    let applied = module.providers().is_empty().is_false();
    if stored.is_false() && applied && !is_partial(module) && !is_part_or_sample(module) {
        let draft = report.at(place(module));
        draft.message("neither a `backend` nor a `cloud` block says where the state is kept, so it lies on one machine");
    }
}
