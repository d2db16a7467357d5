use crate::constraint::{bounded, is_bounded};
use crate::module::is_root;
use plimsoll_sdk::terraform::{Fix, Module, Report, Severity};

pub fn check(module: Module, report: &mut Report) {
    // A module that others call leaves the upper bound to them.
    let root = is_root(module).is_true();
    for required in module.facts().provider_requirements() {
        let Some(name) = required.name().known() else { continue };
        let version = required.subject().version();
        let in_block = module.providers().any(|provider| provider.name().is(name) & provider.version().exists());
        if version.is_absent() && required.subject().known().is_some() && in_block.is_false() {
            report.at(required.subject()).message(format!("provider `{name}` is required in any version"));
        } else if let Some(constraint) = version.known().filter(|constraint| is_bounded(constraint) == Some(false)) {
            let draft =
                report.at(version).message(format!("provider `{name}` is required in version `{constraint}`, without an upper bound"));
            let draft = if root { draft } else { draft.severity(Severity::Low) };
            if let (Some(new), Some(requirement)) = (bounded(constraint), required.subject().known()) {
                _ = draft.fix(Fix::unsafe_(format!("require `{new}`")).set(requirement, "/version", new));
            }
        }
    }
    for provider in module.providers() {
        let version = provider.version();
        if let (Some(name), Some(constraint)) = (provider.name().known(), version.known())
            && is_bounded(constraint) == Some(false)
        {
            report.at(version).message(format!("provider `{name}` is required in version `{constraint}`, without an upper bound"));
        }
    }
}
