//! Resource limits, wherever a service may write them.

use plimsoll_sdk::compose::{Dyn, Field, Truth};

/// Whether a limit is written that limits: zero and negative numbers mean none.
pub(crate) fn limits(field: Field<'_, Dyn<'_>>) -> Truth {
    field.holds(|value| value.number().known().is_none_or(|number| number > 0.0))
}

/// The same for a limit that is always a number.
pub(crate) fn limits_number(field: Field<'_, f64>) -> Truth {
    field.holds(|number| number > 0.0)
}
