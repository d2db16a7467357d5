//! What the host works out of an object.

use crate::container;
use crate::lookup::Found;
use crate::pod::template_path;
use plimsoll_document::schema::key;
use plimsoll_document::{Builder, Flags, Key, Kind, Node, NodeId, Span, Value};

/// Lists of containers of a pod spec.
const CONTAINER_LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Adds `facts` to the object that was written as the root.
pub(crate) fn write(builder: &mut Builder<'_>) {
    let doc = builder.doc();
    let root = doc.root();
    let site = root.span();
    let text = |key: &str| root.get_text(key).known().and_then(|node| Some((node.as_str()?.to_owned(), node.span())));
    let version = text("apiVersion");
    let kind = text("kind");
    let name = Found::at(root, &["metadata", "name"]).or(|| Found::at(root, &["metadata", "generateName"]));
    let namespace = Found::at(root, &["metadata", "namespace"]);
    let full = namespaced(root, &name, &namespace);
    let path = version.as_ref().zip(kind.as_ref()).and_then(|((version, _), (kind, _))| template_path(split(version).0, kind));
    let workload = version.is_some() && kind.is_some();
    let pod = path.map(|path| Pod::find(root, path));

    let facts = builder.entry(NodeId(0), Key::of(key::FACTS), Value::Map, site);
    if let Some((version, at)) = &version {
        let (group, version) = split(version);
        builder.entry(facts, Key::of(key::GROUP), Value::String(group), *at);
        builder.entry(facts, Key::of(key::VERSION), Value::String(version), *at);
    }
    reference(builder, facts, "name", &name);
    reference(builder, facts, "namespace", &namespace);
    match full {
        Some(Ok((full, at))) => drop(builder.entry(facts, Key::of(key::NAMESPACED_NAME), Value::String(&full), at)),
        Some(Err((cause, at))) => drop(builder.entry(facts, Key::of(key::NAMESPACED_NAME), Value::Unknown(&cause), at)),
        None => {}
    }
    if workload {
        builder.entry(facts, Key::of(key::WORKLOAD), Value::Bool(path.is_some()), site);
    }
    match pod {
        Some(Ok(Some(pod))) => pod.write(builder, facts),
        Some(Err((cause, at))) => drop(builder.entry(facts, Key::of(key::POD), Value::Unknown(&cause), at)),
        Some(Ok(None)) | None => {}
    }
}

/// Group and version.
fn split(version: &str) -> (&str, &str) {
    version.split_once('/').unwrap_or(("", version))
}

/// Adds a fact that refers to something written, if that is there.
pub(crate) fn reference(builder: &mut Builder<'_>, facts: NodeId, key: &str, found: &Found) {
    if let Some((value, at)) = found.fact() {
        builder.entry(facts, Key::fact(key), value, at);
    }
}

type Unknown = (String, Span);

fn namespaced(root: Node<'_>, name: &Found, namespace: &Found) -> Option<Result<(String, Span), Unknown>> {
    let text = |found: &Found| match found {
        Found::Node(node, at) => Some(Ok((root.doc().node(node.0)?.as_str()?.to_owned(), *at))),
        Found::Unknown(cause, at) => Some(Err((cause.clone(), *at))),
        Found::Absent => None,
    };
    let (name, at) = match text(name)? {
        Ok(name) => name,
        Err(unknown) => return Some(Err(unknown)),
    };
    Some(match text(namespace) {
        Some(Ok((namespace, _))) => Ok((format!("{namespace}/{name}"), at)),
        Some(Err(unknown)) => Err(unknown),
        None => Ok((name, at)),
    })
}

/// The pod of a workload, as found.
struct Pod {
    template: Found,
    metadata: Found,
    spec: (NodeId, Span),
    account: Found,
    windows: Option<Result<bool, Unknown>>,
    lists: Vec<(&'static str, Containers)>,
}

struct Containers {
    found: Found,
    open: bool,
    items: Vec<container::Facts>,
}

impl Pod {
    fn find(root: Node<'_>, path: &[&str]) -> Result<Option<Self>, Unknown> {
        let template = Found::at(root, path);
        let node = match &template {
            Found::Node(node, _) => root.doc().node(node.0),
            Found::Unknown(cause, at) => return Err((cause.clone(), *at)),
            Found::Absent => None,
        };
        let Some(holder) = node else { return Ok(None) };
        let (spec, at) = match Found::under(holder, "spec") {
            Found::Node(spec, at) => (spec, at),
            Found::Unknown(cause, at) => return Err((cause, at)),
            Found::Absent => return Ok(None),
        };
        let Some(node) = root.doc().node(spec.0).filter(|node| node.kind() == Kind::Map) else { return Ok(None) };
        let windows = match Found::at(node, &["os", "name"]) {
            Found::Node(os, _) => root.doc().node(os.0).map(|os| Ok(os.as_str() == Some("windows"))),
            Found::Unknown(cause, at) => Some(Err((cause, at))),
            Found::Absent => Some(Ok(false)),
        };
        let lists = CONTAINER_LISTS.iter().map(|list| (*list, Containers::find(node, list))).collect();
        Ok(Some(Self {
            template,
            metadata: Found::under(holder, "metadata"),
            spec: (spec, at),
            account: Found::under(node, "serviceAccountName").or(|| Found::under(node, "serviceAccount")),
            windows,
            lists,
        }))
    }

    fn write(self, builder: &mut Builder<'_>, facts: NodeId) {
        let (spec, at) = self.spec;
        let pod = builder.entry(facts, Key::of(key::POD), Value::Map, at);
        builder.entry(pod, Key::of(key::SUBJECT), Value::Ref(spec), at);
        builder.entry(pod, Key::of(key::SPEC), Value::Ref(spec), at);
        reference(builder, pod, "metadata", &self.metadata);
        reference(builder, pod, "template", &self.template);
        for (list, containers) in &self.lists {
            containers.write(builder, pod, list, at);
        }
        reference(builder, pod, "service-account", &self.account);
        match &self.windows {
            Some(Ok(windows)) => drop(builder.entry(pod, Key::of(key::WINDOWS), Value::Bool(*windows), at)),
            Some(Err((cause, at))) => drop(builder.entry(pod, Key::of(key::WINDOWS), Value::Unknown(cause), *at)),
            None => {}
        }
        for (list, containers) in self.lists {
            for item in containers.items {
                item.write(builder, list, spec);
            }
        }
    }
}

impl Containers {
    fn find(spec: Node<'_>, list: &str) -> Self {
        let found = Found::under(spec, list);
        let node = match &found {
            Found::Node(node, _) => spec.doc().node(node.0).filter(|node| node.kind() == Kind::List),
            _ => None,
        };
        let items = node.into_iter().flat_map(Node::children).filter(|item| item.kind() == Kind::Map);
        Self {
            open: node.is_some_and(|node| node.flags().has(Flags::OPEN)),
            items: items.map(|item| container::Facts::find(item, spec)).collect(),
            found,
        }
    }

    fn write(&self, builder: &mut Builder<'_>, pod: NodeId, key: &str, spec: Span) {
        if let Found::Unknown(cause, at) = &self.found {
            builder.entry(pod, Key::fact(key), Value::Unknown(cause), *at);
            return;
        }
        let at = if let Found::Node(_, at) = &self.found { *at } else { spec };
        let list = builder.entry(pod, Key::fact(key), Value::List, at);
        if self.open {
            builder.flag(list, Flags::OPEN);
        }
        for item in &self.items {
            builder.item(list, Value::Ref(item.node), item.at);
        }
    }
}
