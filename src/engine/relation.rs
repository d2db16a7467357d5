//! Relations between documents, resolved by the host: these, none, or *cannot be told from here*.
//!
//! A unit holds a related document only when an enabled rule declared that relation, so nothing is looked for that nobody asked about.

use crate::load::{self, DockerSettings};
use crate::manifests::{Manifests, Selected, Why, may_make_pods, read};
use crate::pods::{FilePods, Selector, Selects};
use plimsoll_document::{Document, KeyTable, Kind, Lookup, Node};
use plimsoll_formats::Files;
use plimsoll_host::Edges;
use std::collections::BTreeMap;

/// From a Compose service to the root of the Dockerfile it builds.
pub(crate) const DOCKERFILE: &str = "dockerfile";
/// From a Kubernetes Service to the roots of the objects whose pods it selects.
pub(crate) const WORKLOADS: &str = "workloads";
/// Every relation there is, with the target it starts from.
pub(crate) const RELATIONS: [(&str, &str); 2] = [(DOCKERFILE, "compose"), (WORKLOADS, "kubernetes")];

/// Related documents beyond which a unit's relations cannot be told: a hostile project must not multiply its files.
const MAX_RELATED: usize = 200;
/// Bytes of related documents beyond which the relations of a file's further objects cannot be told.
const MAX_RELATED_BYTES: usize = 64 << 20;

/// Services of one file beyond which nobody asks what they select.
const MAX_ASKED: usize = 1_000;

/// Where an edge leads; `None` where it cannot be told.
type Ends = Option<Vec<(u32, u32)>>;

/// A unit's related documents and its edges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Related {
    pub(crate) documents: Vec<Document>,
    pub(crate) edges: Edges,
}

/// Resolves the wanted relations of one document. `alone` is admission's view: nothing else can be seen.
pub(crate) fn resolve(document: &Document, wanted: &[&str], keys: &KeyTable, files: &dyn Files, alone: bool) -> Related {
    let mut related = Related::default();
    if document.target == "compose" && wanted.contains(&DOCKERFILE) {
        let Some(services) = document.doc().root().get_text("services").known() else { return related };
        for service in services.children().filter(|service| service.kind() == Kind::Map) {
            let name = keys.symbol(DOCKERFILE);
            match if alone { None } else { dockerfile_of(service, keys, files, &mut related.documents) } {
                Some(ends) => related.edges.known(name, 0, service.index(), &ends),
                None => related.edges.unknown(name, 0, service.index()),
            }
        }
    }
    related
}

fn dockerfile_of(service: Node<'_>, keys: &KeyTable, files: &dyn Files, documents: &mut Vec<Document>) -> Ends {
    let build = match service.get_text("build") {
        Lookup::Absent => return Some(vec![]),
        Lookup::Unknown(_) => return None,
        Lookup::Present(build) => build,
    };
    let facts = service.get_text("facts").known().and_then(|facts| facts.get_text("build").known());
    let text = |node: Option<Node<'_>>, key: &str| {
        node.and_then(|node| node.get_text(key).known()).and_then(|node| node.as_str().map(str::to_owned))
    };
    let (Some(context), Some(path)) = (text(facts, "context"), text(facts, "dockerfile")) else { return None };
    let size: usize = documents.iter().map(|document: &Document| document.size()).sum();
    if documents.len() >= MAX_RELATED || size >= MAX_RELATED_BYTES {
        return None;
    }
    let source = load::text_of(&path, files, &mut vec![])?;
    let args = build
        .get_text("args")
        .known()
        .map(|args| args.children().filter_map(|arg| Some((arg.key().to_owned(), arg.as_str()?.to_owned()))).collect());
    let settings = DockerSettings {
        targets: text(Some(build), "target").into_iter().collect(),
        context: Some(context),
        args: args.unwrap_or_default(),
    };
    let parsed = load::dockerfile(&path, &source, keys, files, &settings);
    documents.push(parsed.document);
    Some(vec![(documents.len() as u32, 0)])
}

/// What a Kubernetes file has to do with others.
#[derive(Default)]
pub(crate) struct Workloads {
    /// What its Services select, by position of the object.
    pub(crate) related: BTreeMap<usize, Related>,
    /// The pods that its objects make.
    pub(crate) pods: FilePods,
    /// What was asked, and the answers, so that it is known when another file's pods make them others.
    pub(crate) asked: Vec<(Selector, Selected)>,
}

impl Workloads {
    /// The pods of a file's objects; `partial` says whether something of the file could not be read.
    pub(crate) fn of(path: &str, objects: &[Document], partial: bool, files: &dyn Files) -> Self {
        // A file of which nothing could be read may make any pods.
        let pods = match objects.first() {
            Some(object) if may_make_pods(object.source_text(0)) => FilePods::of(objects, partial),
            None if partial => files.read(path).map_or_else(|_| FilePods::default(), |bytes| read(path, &bytes)),
            _ => FilePods::default(),
        };
        Self { pods, ..Self::default() }
    }

    /// Looks for what every Service among a file's objects selects.
    pub(crate) fn find(&mut self, path: &str, objects: &[Document], keys: &KeyTable, files: &dyn Files, manifests: Option<&Manifests<'_>>) {
        let mut others: BTreeMap<String, Vec<Document>> = BTreeMap::new();
        let mut left = MAX_RELATED_BYTES;
        for (position, object) in objects.iter().enumerate() {
            let selects = Selects::of(object);
            let selected = match (&selects, manifests) {
                (Selects::Nothing, _) => continue,
                (Selects::Labels(selector), Some(manifests)) if self.asked.len() < MAX_ASKED => {
                    manifests.select(path, &self.pods, selector)
                }
                _ => Selected::Unknown(Why::Incomplete),
            };
            let mut related = Related::default();
            let documents = match &selected {
                Selected::These(these, _) if these.len() <= MAX_RELATED => {
                    documents(these, path, objects, keys, files, &mut others, &mut left)
                }
                _ => None,
            };
            match documents {
                Some(documents) => {
                    let ends: Vec<(u32, u32)> = (1..=documents.len() as u32).map(|document| (document, 0)).collect();
                    related.edges.known(keys.symbol(WORKLOADS), 0, 0, &ends);
                    related.documents = documents;
                }
                None => related.edges.unknown(keys.symbol(WORKLOADS), 0, 0),
            }
            self.related.insert(position, related);
            if let Selects::Labels(selector) = selects {
                self.asked.push((selector, selected));
            }
        }
    }
}

/// The objects at these places; `None` if they are more than may be carried along.
fn documents(
    places: &[(String, usize)],
    path: &str,
    objects: &[Document],
    keys: &KeyTable,
    files: &dyn Files,
    others: &mut BTreeMap<String, Vec<Document>>,
    left: &mut usize,
) -> Option<Vec<Document>> {
    let mut documents = vec![];
    for (place, object) in places {
        let document = if place == path {
            objects.get(*object)?
        } else {
            let parsed = others.entry(place.clone()).or_insert_with(|| {
                let text = load::text_of(place, files, &mut vec![]).unwrap_or_default();
                plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path: place, text: &text, keys }).objects
            });
            parsed.get(*object)?
        };
        *left = left.checked_sub(document.size())?;
        documents.push(document.clone());
    }
    Some(documents)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::manifests::Listing;
    use plimsoll_formats::NoFiles;
    use std::path::Path;

    const SERVICE: &str = "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: web}}\n";

    fn pod(label: &str) -> String {
        format!("---\napiVersion: v1\nkind: Pod\nmetadata: {{name: a, labels: {{app: {label}}}}}\nspec: {{containers: []}}\n")
    }

    fn related(text: &str) -> Workloads {
        let keys = KeyTable::new();
        let objects = plimsoll_kubernetes::parse(&plimsoll_kubernetes::Input { path: "x.yaml", text, keys: &keys }).objects;
        let manifests = Manifests::new(Path::new("/nowhere"), &NoFiles, || Listing::whole(vec!["x.yaml".to_owned()]));
        let mut workloads = Workloads::of("x.yaml", &objects, false, &NoFiles);
        workloads.find("x.yaml", &objects, &keys, &NoFiles, Some(&manifests));
        workloads
    }

    fn states(workloads: &Workloads) -> Vec<(usize, u32)> {
        workloads.related.values().map(|related| (related.documents.len(), related.edges.words()[3])).collect()
    }

    #[test]
    fn service_is_given_what_it_selects() {
        assert_eq!(states(&related(&format!("{SERVICE}{}{}", pod("web"), pod("api")))), [(1, 0)]);
        assert_eq!(states(&related(&format!("{SERVICE}{}", pod("api")))), [(0, 1)]);
        assert_eq!(states(&related(SERVICE)), [(0, 2)], "no workload is known at all");
    }

    #[test]
    fn more_than_may_be_carried_cannot_be_told() {
        let many = format!("{SERVICE}{}", pod("web").repeat(MAX_RELATED + 1));
        assert_eq!(states(&related(&many)), [(0, 2)]);
        let others = format!("{SERVICE}{}", pod("api").repeat(crate::manifests::MAX_PODS + 1));
        assert_eq!(states(&related(&others)), [(0, 2)]);
        let services = format!("{}{}", pod("api"), SERVICE.repeat(MAX_ASKED + 1));
        let asked = related(&services);
        assert_eq!((states(&asked)[MAX_ASKED - 1], states(&asked)[MAX_ASKED], asked.asked.len()), ((0, 1), (0, 2), MAX_ASKED + 1));
    }

    #[test]
    fn copies_of_a_large_object_come_to_an_end() {
        let note = format!("metadata: {{annotations: {{note: {}}}, ", "x".repeat(1 << 20));
        let large = format!("{}{}", pod("web").replace("metadata: {", &note), SERVICE.repeat(70));
        let states = states(&related(&large));
        assert_eq!((states[0], states[69]), ((1, 0), (0, 2)));
    }
}
