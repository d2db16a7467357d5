use crate::service::{label, stays};
use plimsoll_sdk::compose::{Fix, Project, Report, Service, View as _};

pub fn check(service: Service, report: &mut Report) {
    let policy = service.restart().exists() | service.deploy().restart_policy().exists();
    if policy.is_false() && stays(service) && service.facts().profiled().is(true).is_false() && others_restart(service) && !is_for_developers(service) {
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

/// Whether developers work in the service: it is built to a stage for them, or what it is built from is mounted over what was built.
fn is_for_developers(service: Service) -> bool {
    let build = service.build();
    let stage = build.target().holds(|target| target.to_ascii_lowercase().split(['-', '_', '.']).any(|part| matches!(part, "dev" | "development" | "debug")));
    let plain = |path: &str| {
        let short = path.trim_start_matches("./").trim_end_matches("/.").trim_end_matches('/');
        if short.is_empty() { ".".to_owned() } else { short.to_owned() }
    };
    let Some(context) = build.context().known().map(plain) else { return stage.is_true() };
    let mounted = service.volumes().iter().any(|mount| {
        let source = mount.source().known().map(plain);
        let own = |source: &str| source == context || context.len() > 1 && source.strip_prefix(&context).is_some_and(|rest| rest.starts_with('/'));
        // A file, or what cannot be written, is configuration.
        let is_file = |source: &str| source.rsplit('/').next().is_some_and(|name| name.len() > 1 && name.contains('.'));
        mount.type_().is("bind").is_true() && !mount.read_only().is(true).is_true() && source.is_some_and(|source| own(&source) && !is_file(&source))
    });
    stage.is_true() || mounted
}
