//! Whether anything tests the health of a service.

use crate::datastore::is_image;
use crate::service::stays;
use plimsoll_sdk::compose::{Dependency, Project, Relation, Report, Service, View as _};
use plimsoll_sdk::docker::{Dockerfile, Stage};
use plimsoll_sdk::{Node, Truth};

/// Stores that keep what they hold in memory, or have little to do with an empty disk.
const AT_ONCE: [&str; 6] = ["redis", "valkey", "memcached", "keydb", "dragonfly", "mongo"];
/// Words of commands that wait until another service answers.
const WAITS: [&str; 6] = ["wait-for", "wait_for", "waitfor", "dockerize", "until ", "while !"];

/// Who would test a service that the Compose file does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Untested {
    /// The Dockerfile that it builds could, and does not.
    Built,
    /// Its image may, which cannot be seen from here.
    Pulled,
}

/// What a service that stays up has in place of a healthcheck; none if it has one, or that cannot be told.
pub(crate) fn untested(service: Service<'_>, report: &Report<'_>) -> Option<Untested> {
    if !service.healthcheck().is_absent() || !stays(service) {
        return None;
    }
    // A Dockerfile that is not in the project is like a pulled image.
    let known_path = service.facts().build().dockerfile().known().is_some();
    match report.relation(service, "dockerfile") {
        Relation::None => Some(Untested::Pulled),
        Relation::Unknown if service.build().is_absent() || known_path => Some(Untested::Pulled),
        Relation::Unknown => None,
        these @ Relation::These(_) => {
            these.any(|dockerfile: Dockerfile<'_>| built(service, dockerfile)).is_false().then_some(Untested::Built)
        }
    }
}

/// Whether the stage that the service builds has a HEALTHCHECK.
fn built(service: Service<'_>, dockerfile: Dockerfile<'_>) -> Truth {
    let target = service.build().target();
    if target.is_unknown() {
        return Truth::Unknown;
    }
    let tests = |stage: Stage<'_>| stage.facts().healthcheck().holds(|instruction| !instruction.disabled().or_absent(false).is(true));
    match target.known() {
        None => dockerfile.facts().final_().holds(tests),
        Some(name) => {
            let named = |stage: &Stage<'_>| {
                let index = stage.facts().index().holds(|index| name.parse().is_ok_and(|number: f64| number == index));
                stage.name().holds(|stage| stage.eq_ignore_ascii_case(name)).or(index).is_true()
            };
            dockerfile.stages().iter().find(named).map_or(Truth::Unknown, tests)
        }
    }
}

/// Whether it is a matter of others that nobody tests the service: it is a data store or broker, which takes its time to come up, and they start
/// after it without a loop of their own that tries until it answers.
pub(crate) fn is_needed(service: Service<'_>) -> bool {
    let project = Project::from_node(service.node().doc().root());
    // Whoever writes `service_started` has chosen.
    let chosen = |dependency: Dependency<'_>| dependency.condition().is("service_started").is_true();
    let follows = |other: Service<'_>| {
        let mut entries = other.depends_on().entries();
        entries.any(|entry| entry.key() == service.node().key() && !entry.value().known().is_some_and(chosen))
    };
    let image = service.facts().image();
    // With nothing to load these answer at once.
    let at_once = image.repository().holds(|name| AT_ONCE.contains(&name.rsplit('/').next().unwrap_or(name))).is_true();
    is_image(image)
        && !(at_once && service.volumes().is_absent())
        && project.services().iter().any(|(_, other)| follows(other) && !waits(other))
}

/// Whether what a service starts waits for others by itself.
fn waits(service: Service<'_>) -> bool {
    let text = |node: Option<Node<'_>>| node.is_some_and(|node| WAITS.iter().any(|word| node.source_text().contains(word)));
    text(service.command().node()) || text(service.entrypoint().node())
}
