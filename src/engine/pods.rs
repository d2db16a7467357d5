//! The pods that Kubernetes objects make, as a selector sees them, and what a Service selects.

use plimsoll_document::{Document, Flags, Kind, Lookup, Node};

/// The pods of one file's objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FilePods {
    pods: Vec<Pod>,
    /// Namespaces of custom resources: their controllers may make any pods there.
    custom: Vec<Told>,
    /// Whether part of the file could not be read: a template, a syntax error.
    partial: bool,
}

/// The pods that one object makes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pod {
    /// Which of the file's objects makes them.
    object: usize,
    namespace: Told,
    labels: Vec<(String, Told)>,
    /// Whether there may be more labels.
    open: bool,
}

/// A text that is written, or not, or cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Text(String),
    Nothing,
    Unknown,
}

/// What an object selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Selects {
    /// Nothing: it is no Service, or one without a selector.
    Nothing,
    /// It cannot be told.
    Unknown,
    /// What these labels say.
    Labels(Selector),
}

/// The labels that a Service selects pods by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selector {
    namespace: Told,
    labels: Vec<(String, String)>,
}

/// Labels without a domain that controllers give to pods.
const GIVEN: [&str; 4] = ["job-name", "controller-uid", "pod-template-hash", "controller-revision-hash"];
/// Domains of labels that people write. Of any other a controller may be the author, whatever the manifests say.
const WRITTEN: [&str; 3] = ["app.kubernetes.io/", "helm.sh/", "app.openshift.io/"];
/// Beginnings of namespaces in which the platform runs pods of its own.
const PLATFORM: [&str; 3] = ["kube-", "gke-", "openshift-"];
/// Custom resources that stand for no pods.
const PODLESS: [&str; 21] = [
    "AuthorizationPolicy",
    "BackendConfig",
    "Certificate",
    "CiliumNetworkPolicy",
    "ClusterIssuer",
    "DestinationRule",
    "ExternalSecret",
    "IngressRoute",
    "Issuer",
    "ManagedCertificate",
    "Middleware",
    "PeerAuthentication",
    "PodMonitor",
    "PrometheusRule",
    "ScaledObject",
    "SealedSecret",
    "SecretStore",
    "ServiceEntry",
    "ServiceMonitor",
    "VerticalPodAutoscaler",
    "VirtualService",
];

impl FilePods {
    /// The pods of a file's objects, in their order; `partial` says whether something of the file could not be read.
    pub(crate) fn of(objects: &[Document], partial: bool) -> Self {
        let pods = objects.iter().enumerate().filter_map(|(object, document)| Pod::of(object, document)).collect();
        let custom = objects.iter().map(|document| document.doc().root()).filter(|root| is_custom(*root)).map(namespace).collect();
        Self { pods, custom, partial }
    }

    /// Number of objects that make pods.
    pub(crate) const fn len(&self) -> usize {
        self.pods.len()
    }

    /// Whether nothing is known to make pods here, and nothing could.
    pub(crate) const fn is_empty(&self) -> bool {
        self.pods.is_empty() && self.custom.is_empty() && !self.partial
    }

    /// Whether an object is known that makes pods in the selector's namespace.
    pub(crate) fn are_beside(&self, selector: &Selector) -> bool {
        self.pods.iter().any(|pod| selector.same_namespace(&pod.namespace) == Some(true))
    }

    /// Whether a custom resource may stand for pods in the selector's namespace.
    pub(crate) fn may_be_made(&self, selector: &Selector) -> bool {
        self.custom.iter().any(|namespace| selector.same_namespace(namespace) != Some(false))
    }

    /// The objects whose pods are selected; `None` if it cannot be told of one of them.
    pub(crate) fn selected(&self, selector: &Selector) -> Option<Vec<usize>> {
        if self.partial {
            return None;
        }
        let mut objects = vec![];
        for pod in &self.pods {
            if selector.selects(pod)? {
                objects.push(pod.object);
            }
        }
        Some(objects)
    }

    /// Values of labels that the pods are known by: what a text that selects one of them holds.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.pods.iter().flat_map(|pod| &pod.labels).filter_map(|(_, value)| match value {
            Told::Text(value) => Some(value.as_str()),
            _ => None,
        })
    }
}

impl Pod {
    fn of(object: usize, document: &Document) -> Option<Self> {
        let root = document.doc().root();
        let pod = match root.get_text("facts").known()?.get_text("pod") {
            Lookup::Absent => return None,
            Lookup::Unknown(_) => return Some(Self { object, namespace: namespace(root), labels: vec![], open: true }),
            Lookup::Present(pod) => pod,
        };
        let labels = match pod.get_text("metadata") {
            Lookup::Present(metadata) => metadata.target().get_text("labels"),
            other => other,
        };
        let (labels, open) = match labels {
            Lookup::Absent => (vec![], false),
            Lookup::Unknown(_) => (vec![], true),
            Lookup::Present(labels) if labels.kind() == Kind::Map => {
                (labels.children().map(|label| (label.key().to_owned(), told(label))).collect(), labels.flags().has(Flags::OPEN))
            }
            Lookup::Present(labels) => (vec![], labels.kind() != Kind::Null),
        };
        Some(Self { object, namespace: namespace(root), labels, open })
    }
}

impl Selects {
    /// What an object selects.
    pub(crate) fn of(document: &Document) -> Self {
        let root = document.doc().root();
        let is = |key: &str, value: &str| root.get_text(key).known().is_some_and(|node| node.as_str() == Some(value));
        if !is("apiVersion", "v1") || !is("kind", "Service") {
            return Self::Nothing;
        }
        let spec = match root.get_text("spec") {
            Lookup::Present(spec) if spec.kind() == Kind::Map => spec,
            Lookup::Unknown(_) => return Self::Unknown,
            _ => return Self::Nothing,
        };
        // The cluster looks at the selector of no other kind of Service.
        if spec.get_text("type").known().is_some_and(|kind| kind.as_str() == Some("ExternalName")) {
            return Self::Nothing;
        }
        let selector = match spec.get_text("selector") {
            Lookup::Present(selector) if selector.kind() == Kind::Map => selector,
            Lookup::Unknown(_) => return Self::Unknown,
            _ => return Self::Nothing,
        };
        let label = |label: Node<'_>| match told(label) {
            Told::Text(value) => Some((label.key().to_owned(), value)),
            _ => None,
        };
        let labels: Option<Vec<(String, String)>> = selector.children().map(label).collect();
        if selector.flags().has(Flags::OPEN) {
            return Self::Unknown;
        }
        match labels {
            Some(labels) if labels.is_empty() => Self::Nothing,
            Some(labels) => Self::Labels(Selector { namespace: namespace(root), labels }),
            None => Self::Unknown,
        }
    }
}

impl Selector {
    /// Whether every pod it is for would be known by the manifests: none of its labels may be a controller's, and the namespace is not the
    /// platform's.
    pub(crate) fn is_written(&self) -> bool {
        let platform = matches!(&self.namespace, Told::Text(name) if PLATFORM.iter().any(|start| name.starts_with(start)));
        !platform && !self.labels.iter().any(|(key, _)| is_given(key))
    }

    fn same_namespace(&self, other: &Told) -> Option<bool> {
        match (&self.namespace, other) {
            (Told::Text(own), Told::Text(other)) => Some(own == other),
            (Told::Nothing, Told::Nothing) => Some(true),
            // The command line or a kustomization may still say so.
            _ => None,
        }
    }

    fn selects(&self, pod: &Pod) -> Option<bool> {
        let mut certain = match self.same_namespace(&pod.namespace) {
            Some(false) => return Some(false),
            same => same.is_some(),
        };
        for (key, wanted) in &self.labels {
            // Of two equal keys the last counts.
            match pod.labels.iter().rev().find(|(known, _)| known == key) {
                Some((_, Told::Text(value))) if value == wanted => {}
                Some((_, Told::Unknown)) => certain = false,
                None if pod.open || is_given(key) => certain = false,
                _ => return Some(false),
            }
        }
        certain.then_some(true)
    }
}

/// Whether an object is one of neither Kubernetes' own nor a kind of which it is known what it stands for.
fn is_custom(root: Node<'_>) -> bool {
    let text = |key: &str| root.get_text(key).known().and_then(Node::as_str);
    let group = text("apiVersion").and_then(|version| version.split_once('/')).map_or("", |(group, _)| group);
    let pod =
        || root.get_text("facts").known().is_some_and(|facts| facts.get_text("workload").known().and_then(Node::as_bool) == Some(true));
    group.contains('.') && !group.ends_with(".k8s.io") && !PODLESS.contains(&text("kind").unwrap_or_default()) && !pod()
}

fn is_given(key: &str) -> bool {
    GIVEN.contains(&key) || (key.contains('/') && !WRITTEN.iter().any(|domain| key.starts_with(domain)))
}

fn namespace(root: Node<'_>) -> Told {
    match root.get_text("metadata") {
        Lookup::Present(metadata) => match metadata.get_text("namespace") {
            Lookup::Present(namespace) => told(namespace),
            Lookup::Unknown(_) => Told::Unknown,
            Lookup::Absent => Told::Nothing,
        },
        Lookup::Unknown(_) => Told::Unknown,
        Lookup::Absent => Told::Nothing,
    }
}

/// A text; what a template or a variable still fills is unknown, and so is what an API server would refuse.
fn told(node: Node<'_>) -> Told {
    let node = node.target();
    match node.kind() {
        Kind::Null => Told::Nothing,
        Kind::String if !node.flags().has(Flags::TEMPLATED) => {
            let text = node.as_str().unwrap_or_default();
            if ["{{", "${", "$("].iter().any(|open| text.contains(open)) { Told::Unknown } else { Told::Text(text.to_owned()) }
        }
        _ => Told::Unknown,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use plimsoll_document::KeyTable;

    fn objects(text: &str) -> Vec<Document> {
        plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path: "x.yaml", text, keys: &KeyTable::new() }).objects
    }

    fn pods(metadata: &str) -> FilePods {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    metadata: {metadata}\n    spec: {{containers: []}}\n"
        );
        FilePods::of(&objects(&text), false)
    }

    fn selects(metadata: &str, spec: &str) -> Selects {
        Selects::of(&objects(&format!("apiVersion: v1\nkind: Service\nmetadata: {metadata}\nspec: {spec}\n"))[0])
    }

    fn selector(metadata: &str, spec: &str) -> Selector {
        let Selects::Labels(selector) = selects(metadata, spec) else { panic!("it selects nothing") };
        selector
    }

    #[test]
    fn labels_decide() {
        let web = selector("{name: web}", "{selector: {app: web}}");
        assert_eq!(pods("{labels: {app: web, tier: a}}").selected(&web), Some(vec![0]));
        assert_eq!(pods("{labels: {app: api}}").selected(&web), Some(vec![]));
        assert_eq!(pods("{labels: {tier: a}}").selected(&web), Some(vec![]));
        assert_eq!(pods("{}").selected(&web), Some(vec![]));
        assert_eq!(pods("{labels: {app: '${APP}'}}").selected(&web), None);
        assert_eq!(pods("{labels: {app: 1}}").selected(&web), None);
    }

    #[test]
    fn what_controllers_add_cannot_be_told() {
        let one = selector("{name: web}", "{selector: {app: db, statefulset.kubernetes.io/pod-name: db-0}}");
        assert_eq!(pods("{labels: {app: db}}").selected(&one), None);
        assert_eq!(pods("{labels: {app: web}}").selected(&one), Some(vec![]));
        assert!(!one.is_written());
        assert!(selector("{name: web}", "{selector: {app.kubernetes.io/name: web}}").is_written());
    }

    #[test]
    fn namespaces_part_what_labels_join() {
        let shop = selector("{name: web, namespace: shop}", "{selector: {app: web}}");
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: NS, labels: {app: web}}\nspec: {containers: []}\n";
        let of = |namespace: &str| FilePods::of(&objects(&text.replace("NS", namespace)), false).selected(&shop);
        assert_eq!(of("shop"), Some(vec![0]));
        assert_eq!(of("other"), Some(vec![]));
        assert_eq!(of("null"), None, "the command line may still say so");
    }

    #[test]
    fn services_that_select_nothing_by_themselves() {
        assert_eq!(selects("{name: a}", "{ports: []}"), Selects::Nothing);
        assert_eq!(selects("{name: a}", "{selector: {}}"), Selects::Nothing);
        assert_eq!(selects("{name: a}", "{type: ExternalName, selector: {app: web}}"), Selects::Nothing);
        assert_eq!(selects("{name: a}", "{selector: {app: '{{ .Values.x }}'}}"), Selects::Unknown);
    }

    #[test]
    fn operators_and_platforms_make_pods_that_nobody_wrote() {
        let web = selector("{name: web, namespace: shop}", "{selector: {app: web}}");
        let made = |version: &str, kind: &str, namespace: &str| {
            let text = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: web, namespace: {namespace}}}\nspec: {{}}\n");
            FilePods::of(&objects(&text), false).may_be_made(&web)
        };
        assert!(made("monitoring.coreos.com/v1", "Prometheus", "shop") && made("monitoring.coreos.com/v1", "Prometheus", "null"));
        assert!(!made("monitoring.coreos.com/v1", "Prometheus", "other"));
        assert!(!made("monitoring.coreos.com/v1", "ServiceMonitor", "shop") && !made("networking.k8s.io/v1", "Ingress", "shop"));
        assert!(!selector("{name: web, namespace: kube-system}", "{selector: {app: web}}").is_written());
    }
}
