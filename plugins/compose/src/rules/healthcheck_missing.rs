use crate::service::{label, stays};
use plimsoll_sdk::Truth;
use plimsoll_sdk::compose::{Relation, Report, Service};
use plimsoll_sdk::docker::{Dockerfile, Stage};

pub fn check(service: Service, report: &mut Report) {
    if !service.healthcheck().is_absent() || !stays(service) {
        return;
    }
    // A Dockerfile that is not in the project is like a pulled image: nothing here says that its health is tested.
    let known_path = service.facts().build().dockerfile().known().is_some();
    let tested = match report.relation(service, "dockerfile") {
        Relation::None => Truth::False,
        Relation::Unknown if service.build().is_absent() || known_path => Truth::False,
        Relation::Unknown => Truth::Unknown,
        these @ Relation::These(_) => these.any(|dockerfile: Dockerfile| built(service, dockerfile)),
    };
    if tested.is_false() {
        report.at_key(service).message(format!("{} has no healthcheck, so nothing notices when it hangs", label(service)));
    }
}

/// Whether the stage that the service builds has a HEALTHCHECK.
fn built(service: Service, dockerfile: Dockerfile) -> Truth {
    let target = service.build().target();
    if target.is_unknown() {
        return Truth::Unknown;
    }
    let tests = |stage: Stage| stage.facts().healthcheck().holds(|instruction| !instruction.disabled().or_absent(false).is(true));
    match target.known() {
        None => dockerfile.facts().final_().holds(tests),
        Some(name) => {
            let named = |stage: &Stage| {
                let index = stage.facts().index().holds(|index| name.parse().is_ok_and(|number: f64| number == index));
                stage.name().holds(|stage| stage.eq_ignore_ascii_case(name)).or(index).is_true()
            };
            dockerfile.stages().iter().find(named).map_or(Truth::Unknown, tests)
        }
    }
}
