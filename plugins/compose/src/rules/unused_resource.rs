use plimsoll_sdk::compose::{Fix, Node, Project, Report, Truth};

pub fn check(project: Project, report: &mut Report) {
    let services = || project.services();
    for entry in project.networks().entries() {
        let used = services().any(|_, service| service.networks().has_key(entry.key()));
        if entry.key() != "default" {
            judge("network", entry.node(), used, report);
        }
    }
    for entry in project.volumes().entries() {
        let used = services().any(|_, service| service.volumes().any(|mount| mount.source().is(entry.key())));
        judge("volume", entry.node(), used, report);
    }
    for entry in project.secrets().entries() {
        let used = services().any(|_, service| {
            service.secrets().any(|secret| secret.source().is(entry.key())) | service.build().secrets().any(|secret| secret.source().is(entry.key()))
        });
        judge("secret", entry.node(), used, report);
    }
    for entry in project.configs().entries() {
        let used = services().any(|_, service| service.configs().any(|config| config.source().is(entry.key())));
        judge("config", entry.node(), used, report);
    }
}

fn judge(what: &str, entry: Node<'_>, used: Truth, report: &mut Report) {
    if used.is_false() {
        let name = entry.key();
        report.at_key(entry).message(format!("{what} `{name}` is declared, and no service uses it")).fix(Fix::unsafe_("remove it").remove(entry, ""));
    }
}
