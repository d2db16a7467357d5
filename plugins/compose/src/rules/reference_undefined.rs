use crate::service::label;
use plimsoll_sdk::compose::{Project, Report};

pub fn check(project: Project, report: &mut Report) {
    for (_, service) in project.services().iter() {
        for entry in service.networks().entries() {
            let name = entry.key();
            if name != "default" && project.networks().has_key(name).is_false() {
                report.at_key(entry).message(format!("network `{name}` of {} is declared nowhere", label(service)));
            }
        }
        for mount in service.volumes().iter().filter(|mount| mount.type_().is("volume").is_true()) {
            if let Some(name) = mount.source().known().filter(|name| project.volumes().has_key(name).is_false()) {
                report.at(mount).message(format!("volume `{name}` of {} is declared nowhere", label(service)));
            }
        }
        for secret in service.secrets() {
            if let Some(name) = secret.source().known().filter(|name| project.secrets().has_key(name).is_false()) {
                report.at(secret).message(format!("secret `{name}` of {} is declared nowhere", label(service)));
            }
        }
        for config in service.configs() {
            if let Some(name) = config.source().known().filter(|name| project.configs().has_key(name).is_false()) {
                report.at(config).message(format!("config `{name}` of {} is declared nowhere", label(service)));
            }
        }
    }
}
