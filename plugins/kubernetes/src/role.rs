//! What a role allows.

use crate::container::{object, owner};
use plimsoll_sdk::kubernetes::{PolicyRule, Report, Truth};

/// A permission that is worth asking about.
pub(crate) struct Permission {
    /// API groups of the resources; empty for any.
    pub(crate) groups: &'static [&'static str],
    /// Resources with their subresource.
    pub(crate) resources: &'static [&'static str],
    /// Verbs.
    pub(crate) verbs: &'static [&'static str],
}

impl Permission {
    /// Whether a rule of a role allows it, by name or by `*`. Names of objects narrow it only for verbs that know the object.
    pub(crate) fn given_by(&self, rule: PolicyRule<'_>) -> Truth {
        let group = rule.api_groups().any(|group| group == "*" || self.groups.is_empty() || self.groups.contains(&group));
        let resource = rule.resources().any(|resource| resource == "*" || self.resources.iter().any(|wanted| covers(resource, wanted)));
        let narrowed = rule.verbs().any(|verb| self.verbs.contains(&verb) && BY_NAME.contains(&verb));
        let wide = rule.verbs().any(|verb| verb == "*" || (self.verbs.contains(&verb) && !BY_NAME.contains(&verb)));
        let named = rule.resource_names().any(|_| true);
        group & resource & (wide | (narrowed & !named))
    }

    /// Reports a rule that gives it; `what` completes "… may".
    pub(crate) fn judge(&self, rule: PolicyRule<'_>, what: &str, report: &mut Report<'_>) {
        if (self.given_by(rule) & !is_default(rule)).is_true() {
            let verbs: Vec<_> = rule.verbs().iter().filter(|verb| *verb == "*" || self.verbs.contains(verb)).collect();
            report.at(rule.resources()).message(format!("{} allows to {what} (verb `{}`)", owner(rule.node()), verbs.join("`, `")));
        }
    }
}

/// Verbs that know which object they are about, so that `resourceNames` narrows them to a few.
const BY_NAME: [&str; 6] = ["get", "update", "patch", "delete", "bind", "escalate"];

/// `*/exec` covers `pods/exec`.
fn covers(resource: &str, wanted: &str) -> bool {
    resource == wanted
        || resource.strip_prefix("*/").zip(wanted.split_once('/')).is_some_and(|(written, (_, subresource))| written == subresource)
}

/// Roles that clusters come with, beside those whose names begin with `system:`.
const DEFAULTS: [&str; 5] = ["cluster-admin", "admin", "edit", "view", "gce:podsecuritypolicy:calico-sa"];

/// Whether the rule is of a role that clusters come with.
pub(crate) fn is_default(rule: PolicyRule<'_>) -> Truth {
    let object = object(rule.node());
    let named =
        object.kind().is("ClusterRole") & object.facts().name().holds(|name| name.starts_with("system:") || DEFAULTS.contains(&name));
    named | object.metadata().labels().get("kubernetes.io/bootstrapping").is("rbac-defaults")
}
