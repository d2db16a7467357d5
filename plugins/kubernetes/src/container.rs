//! What rules about containers have in common.

use plimsoll_sdk::kubernetes::{Container, Node, Object, Truth, View};

/// How messages name a container: ``container `web` ``, ``init container `migrate` ``.
pub(crate) fn label(container: Container<'_>) -> String {
    let part = match container.facts().role().known() {
        Some("init") => "init container",
        Some("sidecar") => "sidecar",
        Some("ephemeral") => "ephemeral container",
        _ => "container",
    };
    container.name().known().map_or_else(|| format!("{part} without a name"), |name| format!("{part} `{name}`"))
}

/// Whether it runs as long as its pod does: app containers and sidecars.
pub(crate) fn stays(container: Container<'_>) -> bool {
    container.facts().role().is_any(&["app", "sidecar"]).is_true()
}

/// Whether its pod says that it is for Windows, where most settings of `securityContext` do not exist.
pub(crate) fn on_windows(container: Container<'_>) -> Truth {
    container.facts().pod().os().name().is("windows")
}

/// Whether its pods are meant to end: a Job's, a `CronJob`'s, or a Pod that is not restarted.
pub(crate) fn ends(container: Container<'_>) -> Truth {
    let pod = container.facts().pod().restart_policy();
    object(container.node()).kind().is_any(&["Job", "CronJob"]) | pod.is_any(&["Never", "OnFailure"])
}

/// The object that a node belongs to.
pub(crate) fn object(node: Node<'_>) -> Object<'_> {
    Object::from_node(node.doc().root())
}

/// How messages name the object that a node belongs to: ``Deployment `shop/web` ``.
pub(crate) fn owner(node: Node<'_>) -> String {
    let object = object(node);
    let kind = object.kind().known().unwrap_or("object");
    object.facts().namespaced_name().known().map_or_else(|| format!("a {kind} without a name"), |name| format!("{kind} `{name}`"))
}

/// How messages name the pod that an object makes: ``Pod `web` ``, ``the pod of Deployment `shop/web` ``.
pub(crate) fn pod_label(node: Node<'_>) -> String {
    let owner = owner(node);
    if object(node).kind().is("Pod").is_true() { owner } else { format!("the pod of {owner}") }
}
