//! Relations between documents, resolved by the host: these, none, or *cannot be told from here*.
//!
//! A unit holds a related document only when an enabled rule declared that relation, so nothing is looked for that nobody asked about.

use crate::load::{self, DockerSettings};
use plimsoll_document::{Document, KeyTable, Kind, Lookup, Node};
use plimsoll_formats::Files;
use plimsoll_host::Edges;

/// From a Compose service to the root of the Dockerfile it builds.
pub(crate) const DOCKERFILE: &str = "dockerfile";
/// Every relation there is, with the target it starts from.
pub(crate) const RELATIONS: [(&str, &str); 1] = [(DOCKERFILE, "compose")];

/// Related documents beyond which a unit's relations cannot be told: a hostile project must not multiply its files.
const MAX_RELATED: usize = 200;

/// Where an edge leads; `None` where it cannot be told.
type Ends = Option<Vec<(u32, u32)>>;

/// A unit's related documents and its edges.
#[derive(Debug, Default)]
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
    if documents.len() >= MAX_RELATED {
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
