//! What rules about services have in common.

use plimsoll_sdk::compose::Service;

/// How messages name a service: ``service `web` ``.
pub(crate) fn label(service: Service<'_>) -> String {
    format!("service `{}`", service.node().key())
}

/// Whether it is a container: a service with a `provider` is run by something else.
pub(crate) fn runs(service: Service<'_>) -> bool {
    service.provider().is_absent()
}

/// Whether it stays until it is stopped, as far as can be told: no job, and nothing waits for its end.
pub(crate) fn stays(service: Service<'_>) -> bool {
    let job = service.deploy().mode().is_any(&["replicated-job", "global-job"]);
    runs(service) && service.facts().one_shot().is(true).is_false() && job.is_false()
}
