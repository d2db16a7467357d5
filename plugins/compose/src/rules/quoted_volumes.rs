use plimsoll_sdk::compose::{Fix, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    for mount in service.volumes().iter().filter(|mount| mount.facts().quoted().is(true).is_true()) {
        let written = mount.node().source_text();
        let Some(inner) = written.get(1..written.len().saturating_sub(1)) else { continue };
        let plain = inner.starts_with(['.', '/', '~', '$']) || inner.starts_with(|c: char| c.is_ascii_alphabetic());
        if plain && !inner.contains([' ', '#', '"', '\'', '\\', '{', '}', '[', ']', ',', '&', '*', '!', '|', '>', '%', '@', '`']) {
            report.at(mount).message(format!("`{inner}` stands in quotes")).fix(Fix::unsafe_("leave the quotes out").replace_source(mount, inner));
        }
    }
}
