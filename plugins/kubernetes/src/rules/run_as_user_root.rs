use crate::container::{label, owner};
use plimsoll_sdk::kubernetes::{Container, Pod, Report};

pub fn check(pod: Pod, report: &mut Report) {
    if !pod.spec().host_users().is(false).is_false() {
        return;
    }
    let user = pod.spec().security_context().run_as_user();
    if user.is(0.0).is_true() {
        report.at_key(user).message(format!("the containers of {} run as user 0, which is root", owner(pod.node())));
    }
    let containers = pod.containers().iter().chain(pod.init_containers()).chain(pod.ephemeral_containers());
    for container in containers {
        own(container, report);
    }
}

fn own(container: Container, report: &mut Report) {
    let user = container.security_context().run_as_user();
    if user.is(0.0).is_true() {
        report.at_key(user).message(format!("{} runs as user 0, which is root", label(container)));
    }
}
