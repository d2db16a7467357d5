//! Resource limits, wherever a service may write them.

use plimsoll_sdk::compose::{Dyn, Field, Node, Service, Truth};

/// Whether a limit is written that limits: zero and negative numbers mean none.
pub(crate) fn limits(field: Field<'_, Dyn<'_>>) -> Truth {
    field.holds(|value| value.number().known().is_none_or(|number| number > 0.0))
}

/// The same for a limit that is always a number.
pub(crate) fn limits_number(field: Field<'_, f64>) -> Truth {
    field.holds(|number| number > 0.0)
}

/// Where a limit that is missing belongs: the deepest part of `deploy.resources.limits` that is written, else the service.
pub(crate) fn place<'a>(service: Service<'a>) -> Node<'a> {
    let resources = service.deploy().resources();
    let written = [resources.limits().node(), resources.node(), service.deploy().node()];
    written.into_iter().flatten().next().unwrap_or_else(|| service.node())
}
