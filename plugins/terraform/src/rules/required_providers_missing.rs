use crate::module::is_partial;
use plimsoll_sdk::terraform::{Fix, Module, Report};

/// Providers that HashiCorp publishes under its own name.
const HASHICORP: [&str; 18] = [
    "aws",
    "azuread",
    "azurerm",
    "google",
    "google-beta",
    "kubernetes",
    "helm",
    "vault",
    "consul",
    "nomad",
    "random",
    "null",
    "local",
    "tls",
    "time",
    "http",
    "archive",
    "external",
];

pub fn check(module: Module, report: &mut Report) {
    if is_partial(module) {
        return;
    }
    for used in module.facts().used_providers() {
        let Some(name) = used.name().known() else { continue };
        let requirement = used.requirement();
        if requirement.is_absent() {
            report.at(used.subject()).message(format!("provider `{name}` is used here, and no `required_providers` names it"));
        } else if requirement.known().is_some_and(|requirement| requirement.source().is_absent()) {
            let draft = report.at(requirement).message(format!("provider `{name}` is required without a `source`"));
            if let Some(requirement) = requirement.known().filter(|_| HASHICORP.contains(&name)) {
                _ = draft.fix(Fix::safe("name its source").set(requirement, "/source", format!("hashicorp/{name}")));
            }
        }
    }
}
