use crate::container::owner;
use plimsoll_sdk::kubernetes::{Object, Report};

/// Roles that every cluster gives to whoever asks, and that say nothing about it.
const PUBLIC: [&str; 3] = ["system:public-info-viewer", "system:discovery", "system:basic-user"];

pub fn check(binding: Object, report: &mut Report) {
    let role = binding.role_ref().name();
    for subject in binding.subjects() {
        let everyone = subject.name().is_any(&["system:anonymous", "system:unauthenticated"]);
        if let (true, Some(name)) = ((everyone & !role.is_any(&PUBLIC)).is_true(), subject.name().known()) {
            let role = role.known().unwrap_or("a role");
            report
                .at(subject.name())
                .message(format!("{} gives `{role}` to `{name}`, that is to everyone who reaches the API server", owner(binding.node())));
        }
    }
}
