use crate::service::{label, stays};
use plimsoll_sdk::compose::{Fix, Project, Report, Service, View as _};

pub fn check(service: Service, report: &mut Report) {
    let policy = service.restart().exists() | service.deploy().restart_policy().exists();
    if policy.is_false() && stays(service) && service.facts().profiled().is(true).is_false() && others_restart(service) {
        let fix = Fix::unsafe_("restart it unless it was stopped").set(service, "/restart", "unless-stopped");
        report.at_key(service).message(format!("{} stays down once it has ended", label(service))).fix(fix);
    }
}

/// Whether the project is meant to stay up: some of its services say that they are restarted.
fn others_restart(service: Service) -> bool {
    let project = Project::from_node(service.node().doc().root());
    project.services().iter().any(|(_, other)| {
        let restarts = other.restart().holds(|policy| !matches!(policy, "no" | "false"));
        (restarts | other.deploy().restart_policy().exists()).is_true()
    })
}
