//! Requests and limits.

use crate::container::{label, stays};
use plimsoll_sdk::kubernetes::{Container, Dyn, Field, Fix, Report, Severity, Truth};

/// What is set aside or must not be exceeded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Under `requests`.
    Request,
    /// Under `limits`.
    Limit,
}

impl Bound {
    const fn key(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Limit => "limits",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Limit => "limit",
        }
    }

    fn of<'a>(self, container: Container<'a>, resource: &str) -> Field<'a, Dyn<'a>> {
        match self {
            Self::Request => container.resources().requests().get(resource),
            Self::Limit => container.resources().limits().get(resource),
        }
    }

    /// What the pod as a whole has, which its containers share.
    fn of_pod<'a>(self, container: Container<'a>, resource: &str) -> Field<'a, Dyn<'a>> {
        let resources = container.facts().pod().resources();
        match self {
            Self::Request => resources.requests().get(resource),
            Self::Limit => resources.limits().get(resource),
        }
    }
}

/// Reports a container that runs as long as its pod and has no such bound, neither its own nor its pod's. `placeholder` is the value that a
/// fix writes, for the author to correct.
pub(crate) fn missing(container: Container<'_>, resource: &str, bound: Bound, placeholder: &str, report: &mut Report) {
    let found: Truth = bound.of(container, resource).exists() | bound.of_pod(container, resource).exists();
    if !stays(container) || !found.is_false() {
        return;
    }
    let word = bound.word();
    let fix = Fix::unsafe_(format!("add a {resource} {word} of {placeholder} to begin with")).set(
        container.node(),
        &format!("/resources/{}/{resource}", bound.key()),
        placeholder,
    );
    // A request that is not written is the limit, if there is one.
    let limited = bound == Bound::Request && !Bound::Limit.of(container, resource).is_absent();
    let draft = report.at_key(container.resources());
    if limited {
        draft
            .message(format!("{} has a {resource} limit but no request, so all of the limit is set aside", label(container)))
            .severity(Severity::Low);
    } else {
        draft.message(format!("{} has no {resource} {word}", label(container))).fix(fix);
    }
}
