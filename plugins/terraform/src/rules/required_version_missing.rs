use crate::module::{is_partial, place};
use plimsoll_sdk::terraform::{Fix, Module, Report};

pub fn check(module: Module, report: &mut Report) {
    let none = module.facts().version_constraints().is_empty();
    let Some(place) = place(module).filter(|_| none.is_true() && !is_partial(module)) else { return };
    let draft = report.at(place).message("no `required_version` says which versions of Terraform this module is for");
    if let Some(settings) = module.terraform().items().next() {
        _ = draft.fix(Fix::unsafe_("require Terraform 1.5 or newer").set(settings.node(), "/required_version", ">= 1.5"));
    }
}
