use crate::service::label;
use plimsoll_sdk::compose::{Project, Report, Service, View as _};

pub fn check(project: Project, report: &mut Report) {
    let services: Vec<(&str, Service)> = project.services().iter().collect();
    let known = |name: &str| project.services().has_key(name);
    let needs: Vec<Vec<usize>> = services
        .iter()
        .map(|(_, service)| service.depends_on().iter().filter_map(|(name, _)| services.iter().position(|(other, _)| *other == name)).collect())
        .collect();
    for (at, (name, service)) in services.iter().enumerate() {
        for entry in service.depends_on().entries() {
            let Some(dependency) = entry.value().known().filter(|dependency| !dependency.required().is(false).is_true()) else { continue };
            let other = entry.key();
            let message = if other == *name {
                format!("{} depends on itself", label(*service))
            } else if known(other).is_false() {
                format!("{} depends on `{other}`, which does not exist", label(*service))
            } else if let Some(first) = services.iter().position(|(name, _)| *name == other).filter(|first| reaches(*first, at, &needs)) {
                // The first service of a ring speaks for it.
                if first < at {
                    continue;
                }
                format!("{} and `{other}` wait for each other", label(*service))
            } else if hidden(*service, dependency.facts().service().known()) {
                format!("{} depends on `{other}`, which is behind a profile that need not be on", label(*service))
            } else {
                continue;
            };
            report.at(entry).message(message);
        }
    }
}

fn reaches(from: usize, to: usize, needs: &[Vec<usize>]) -> bool {
    let mut seen = vec![false; needs.len()];
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if !core::mem::replace(&mut seen[at], true) {
            open.extend(needs[at].iter().copied().filter(|next| *next != at));
        }
    }
    false
}

/// Whether the other one is behind profiles, and this one may run without any of them.
fn hidden(service: Service, other: Option<Service>) -> bool {
    let Some(other) = other.map(|other| Service::from_node(other.node().target())) else { return false };
    if other.profiles().is_empty().is_true() || other.profiles().is_absent() || other.profiles().is_open() {
        return false;
    }
    let own = service.profiles();
    own.is_absent() || !own.iter().all(|profile| other.profiles().iter().any(|same| same == profile))
}
