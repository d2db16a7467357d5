//! Pods of the Kubernetes provider, alike for every resource that makes some.

use plimsoll_sdk::terraform::{Dyn, Field, Node, Report, Resource, Truth};

/// The specification of the pods that a resource makes.
pub(crate) fn spec(resource: Resource<'_>) -> Field<'_, Dyn<'_>> {
    match resource.type_().known().unwrap_or_default() {
        "kubernetes_pod" | "kubernetes_pod_v1" => resource.attr("spec"),
        ty if ty.starts_with("kubernetes_cron_job") => resource.attr("spec.job_template.spec.template.spec"),
        _ => resource.attr("spec.template.spec"),
    }
    .and_then(block)
}

/// The one block of a list; a map is itself.
fn block(value: Dyn<'_>) -> Field<'_, Dyn<'_>> {
    if value.kind() == plimsoll_sdk::terraform::Kind::List { value.list().first() } else { Field::from_view(value) }
}

/// Which containers a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Which {
    /// Those that run as long as the pod does.
    Main,
    /// Init containers too.
    All,
}

/// The containers that are known.
pub(crate) fn containers<'a>(resource: Resource<'a>, which: Which) -> impl Iterator<Item = Dyn<'a>> {
    let spec = spec(resource);
    let init = (which == Which::All).then(|| spec.blocks("init_container"));
    spec.blocks("container").iter().chain(init.into_iter().flat_map(plimsoll_sdk::List::iter))
}

/// What a message calls a container: ``container `web` of `kubernetes_pod.web` ``.
pub(crate) fn label(resource: Resource<'_>, container: Dyn<'_>) -> String {
    let name = container.get("name").str().known().map_or_else(|| "a container".to_owned(), |name| format!("container `{name}`"));
    format!("{name} of `{}`", resource.label())
}

/// Reports containers of which something certainly does not hold: "container `web` of … requests no CPU". A resource without any pod
/// specification has nothing that could hold.
pub(crate) fn require<'a>(resource: Resource<'a>, report: &mut Report<'_>, which: Which, lacks: &str, holds: impl Fn(Dyn<'a>) -> Truth) {
    if spec(resource).is_absent() {
        report.at(resource.node()).message(format!("`{}` specifies no pod, and so {lacks}", resource.label()));
    }
    for container in containers(resource, which).filter(|container| holds(*container).is_false()) {
        report.at(container).message(format!("{} {lacks}", label(resource, container)));
    }
}

/// Reports what containers must not have: `wrong` gives the place and the rest of the sentence.
pub(crate) fn forbid<'a>(
    resource: Resource<'a>,
    report: &mut Report<'_>,
    which: Which,
    wrong: impl Fn(Dyn<'a>) -> Option<(Node<'a>, String)>,
) {
    for container in containers(resource, which) {
        if let Some((place, what)) = wrong(container) {
            report.at(place).message(format!("{} {what}", label(resource, container)));
        }
    }
}

/// Reports a switch of the pod that is on.
pub(crate) fn forbid_switch(resource: Resource<'_>, report: &mut Report<'_>, name: &str, what: &str) {
    let value = spec(resource).get(name);
    if value.bool().is(true).is_true() {
        report.at(value).message(format!("pods of `{}` {what}", resource.label()));
    }
}

/// Whether something stands under a path of a container; a text has nothing below it.
pub(crate) fn has(container: Dyn<'_>, path: &str) -> Truth {
    let mut field = Field::from_view(container);
    for step in path.split('.') {
        if field.holds(|value: Dyn<'_>| value.node().as_str().is_some()).is_true() {
            return Truth::False;
        }
        field = field.and_then(block).attr(step);
    }
    field.exists()
}

/// Tag and digest of an image reference.
pub(crate) fn image(reference: &str) -> (Option<&str>, bool) {
    let (name, digest) = reference.split_once('@').map_or((reference, false), |(name, _)| (name, true));
    let last = name.rsplit('/').next().unwrap_or(name);
    (last.split_once(':').map(|(_, tag)| tag), digest)
}

/// Whether a list of capabilities under a container's security context holds one of these, in any spelling.
pub(crate) fn capability(container: Dyn<'_>, list: &str, wanted: &[&str]) -> Truth {
    container.attr(&format!("security_context.capabilities.{list}")).strings().any(|name| {
        let upper = name.to_ascii_uppercase();
        wanted.contains(&upper.strip_prefix("CAP_").unwrap_or(&upper))
    })
}

#[cfg(test)]
mod tests {
    use super::image;

    #[test]
    fn a_port_of_a_registry_is_no_tag() {
        assert_eq!(image("registry:5000/web"), (None, false));
        assert_eq!(image("registry:5000/web:1.4.2"), (Some("1.4.2"), false));
        assert_eq!(image("web:1@sha256:abc"), (Some("1"), true));
    }
}
