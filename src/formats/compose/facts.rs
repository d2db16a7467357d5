//! What the host works out about a project that is written already.

use crate::git;
use crate::include::is_remote;
use crate::load::Loader;
use crate::path::{self, Place};
use crate::secret;
use crate::template::Variables;
use crate::text::{HOLE, Text};
use crate::tree::{Dir, Tree, Val};
use crate::write::nowhere;
use plimsoll_document::schema::key;
use plimsoll_document::{Builder, Flags, Key, Kind, Lookup, Node, NodeId, Span, Value};
use plimsoll_formats::split_image;
use std::collections::HashMap;

const ONE_SHOT: &str = "service_completed_successfully";

/// Adds the facts of the project and its services.
pub(crate) fn write(builder: &mut Builder<'_>, loader: &Loader<'_>, root: &Tree, directory: &str, variables: &Variables) {
    let start = Span::new(0, 0, 0);
    let facts = builder.entry(NodeId(0), Key::of(key::FACTS), Value::Map, start);
    builder.entry(facts, Key::of(key::DIRECTORY), Value::String(directory), start);
    let files = builder.entry(facts, Key::of(key::FILES), Value::List, start);
    for (at, source) in loader.sources.iter().enumerate() {
        let site = Span::new(at as u32, 0, 0);
        let file = builder.item(files, Value::Map, site);
        builder.entry(file, Key::of(key::PATH), Value::String(&source.path), site);
        builder.entry(file, Key::of(key::ROLE), Value::String(source.role), site);
        if matches!(source.role, "dotenv" | "env-file") {
            builder.entry(file, Key::of(key::GIT_IGNORED), Value::Bool(git::ignores(loader.files, &source.path)), site);
        }
    }
    project_variables(builder, facts, variables);
    services(builder, loader, root);
}

fn project_variables(builder: &mut Builder<'_>, facts: NodeId, variables: &Variables) {
    let all = variables.sorted();
    let Some((_, first)) = all.first() else { return };
    let map = builder.entry(facts, Key::of(key::VARIABLES), Value::Map, nowhere(first.key));
    if variables.open {
        builder.flag(map, Flags::OPEN);
    }
    for (name, variable) in all {
        let value = match &variable.value {
            Ok(value) => Value::String(value),
            Err(cause) => Value::Unknown(cause),
        };
        let node = builder.entry(map, Key::at(name, variable.key), value, variable.at);
        if secret::is_name(name) && variable.value.as_deref().is_ok_and(secret::is_value) {
            builder.flag(node, Flags::SENSITIVE);
        }
    }
}

/// What one service's facts are made from, read before anything is written.
struct Found {
    node: NodeId,
    name: String,
    site: Span,
    job: bool,
    profiled: bool,
    facts: Option<NodeId>,
    depends: Vec<Depends>,
    from_files: Vec<NodeId>,
    devices: Vec<(NodeId, NodeId)>,
    has_image: Option<NodeId>,
    has_build: Option<NodeId>,
}

struct Depends {
    node: NodeId,
    site: Span,
    name: String,
    /// `None` if it cannot be told.
    condition: Option<String>,
}

fn known(node: Node<'_>, name: plimsoll_document::Symbol) -> Option<Node<'_>> {
    node.get(name).known()
}

fn services(builder: &mut Builder<'_>, loader: &Loader<'_>, root: &Tree) {
    let found = gather(builder, loader);
    let by_name: HashMap<&str, usize> =
        found.iter().enumerate().filter(|(_, service)| !service.job).map(|(at, service)| (service.name.as_str(), at)).collect();
    let mut dependents: Vec<Vec<(usize, usize)>> = vec![vec![]; found.len()];
    for (at, service) in found.iter().enumerate() {
        for (which, depends) in service.depends.iter().enumerate() {
            let facts = builder.entry(depends.node, Key::of(key::FACTS), Value::Map, nowhere(depends.site));
            if let Some(target) = by_name.get(depends.name.as_str()) {
                dependents[*target].push((at, which));
                builder.entry(facts, Key::of(key::SERVICE), Value::Ref(found[*target].node), nowhere(depends.site));
            }
        }
    }
    let trees = |section: &str| -> HashMap<&str, &Tree> {
        root.get(section).and_then(Tree::as_map).into_iter().flatten().map(|entry| (entry.key.as_str(), &entry.value)).collect()
    };
    let (services, jobs) = (trees("services"), trees("jobs"));
    for (at, service) in found.iter().enumerate() {
        let facts = one(builder, &found, service, &dependents[at]);
        let Some(tree) = if service.job { &jobs } else { &services }.get(service.name.as_str()) else { continue };
        if let (Some(node), Some(Val::Text(text))) = (service.has_image, tree.get("image").map(|image| &image.value)) {
            image_ref(builder, facts, node, text);
        }
        if let (Some(node), Some(build)) = (service.has_build, tree.get("build")) {
            build_facts(builder, loader, facts, node, &BuildPlace::of(build));
        }
    }
}

fn gather(builder: &Builder<'_>, loader: &Loader<'_>) -> Vec<Found> {
    let root = builder.doc().root();
    let devices: HashMap<String, NodeId> = known(root, key::VOLUMES)
        .into_iter()
        .flat_map(Node::children)
        .filter_map(|volume| {
            let device = known(volume, key::DRIVER_OPTS)?.get_text("device").known()?;
            Some((volume.key().to_owned(), NodeId(device.index())))
        })
        .collect();
    let mut found = vec![];
    for (section, job) in [(key::SERVICES, false), (key::JOBS, true)] {
        for service in known(root, section).into_iter().flat_map(Node::children).filter(|service| service.kind() == Kind::Map) {
            found.push(service_of(service, job, &devices, loader));
        }
    }
    found
}

fn service_of(service: Node<'_>, job: bool, devices: &HashMap<String, NodeId>, loader: &Loader<'_>) -> Found {
    let id = |node: Node<'_>| NodeId(node.index());
    let depends = known(service, key::DEPENDS_ON).into_iter().flat_map(Node::children).filter(|entry| entry.kind() == Kind::Map);
    let env_file = |node: &Node<'_>| {
        node.key_span().is_some_and(|at| loader.sources.get(at.source as usize).is_some_and(|source| source.role == "env-file"))
    };
    let mounts = known(service, key::VOLUMES).into_iter().flat_map(Node::children).filter_map(|mount| {
        let source = known(mount, key::SOURCE)?.as_str()?;
        let named = known(mount, key::TYPE)?.as_str()? == "volume";
        let facts = known(mount, key::FACTS)?;
        named.then(|| devices.get(source).map(|device| (id(facts), *device))).flatten()
    });
    Found {
        node: id(service),
        name: service.key().to_owned(),
        site: service.span(),
        job,
        profiled: known(service, key::PROFILES).is_some_and(|profiles| !profiles.is_empty()),
        facts: known(service, key::FACTS).map(id),
        depends: depends
            .map(|entry| Depends {
                node: id(entry),
                site: entry.span(),
                name: entry.key().to_owned(),
                condition: match entry.get(key::CONDITION) {
                    Lookup::Present(node) => node.as_str().map(str::to_owned),
                    Lookup::Absent => Some("service_started".to_owned()),
                    Lookup::Unknown(_) => None,
                },
            })
            .collect(),
        from_files: known(service, key::ENVIRONMENT).into_iter().flat_map(Node::children).filter(env_file).map(id).collect(),
        devices: mounts.collect(),
        has_image: match service.get(key::IMAGE) {
            Lookup::Present(image) if image.kind() != Kind::Null => Some(id(image)),
            _ => None,
        },
        has_build: known(service, key::BUILD).filter(|build| build.kind() == Kind::Map).map(id),
    }
}

fn one(builder: &mut Builder<'_>, found: &[Found], service: &Found, dependents: &[(usize, usize)]) -> NodeId {
    let at = nowhere(service.site);
    let facts = service.facts.unwrap_or_else(|| builder.entry(service.node, Key::of(key::FACTS), Value::Map, at));
    let conditions = || dependents.iter().map(|(who, which)| &found[*who].depends[*which]);
    if service.job || conditions().any(|depends| depends.condition.as_deref() == Some(ONE_SHOT)) {
        builder.entry(facts, Key::of(key::ONE_SHOT), Value::Bool(true), at);
    } else if conditions().any(|depends| depends.condition.is_none()) {
        builder.entry(facts, Key::of(key::ONE_SHOT), Value::Unknown("a variable decides what another service waits for"), at);
    } else {
        builder.entry(facts, Key::of(key::ONE_SHOT), Value::Bool(false), at);
    }
    builder.entry(facts, Key::of(key::PROFILED), Value::Bool(service.profiled), at);
    let list = builder.entry(facts, Key::of(key::DEPENDENTS), Value::List, at);
    for (who, which) in dependents {
        let (dependent, depends) = (&found[*who], &found[*who].depends[*which]);
        let item = builder.item(list, Value::Map, nowhere(depends.site));
        builder.entry(item, Key::of(key::SERVICE), Value::Ref(dependent.node), at);
        builder.entry(item, Key::of(key::NAME), Value::String(&dependent.name), at);
        let condition = depends.condition.as_deref().map_or(Value::Unknown("a variable decides it"), Value::String);
        builder.entry(item, Key::of(key::CONDITION), condition, at);
        builder.entry(item, Key::of(key::SUBJECT), Value::Ref(depends.node), at);
    }
    let list = builder.entry(facts, Key::of(key::FROM_FILES), Value::List, at);
    for node in &service.from_files {
        builder.item(list, Value::Ref(*node), at);
    }
    for (facts, device) in &service.devices {
        builder.entry(*facts, Key::of(key::DEVICE), Value::Ref(*device), at);
    }
    facts
}

/// The reference of `image`, split. A variable without value hides the parts it stands in, and leaves the rest open.
fn image_ref(builder: &mut Builder<'_>, facts: NodeId, image: NodeId, text: &Text) {
    let node = builder.doc().node(image.0).map_or(Span::default(), Node::span);
    let map = builder.entry(facts, Key::of(key::IMAGE), Value::Map, node);
    builder.entry(map, Key::of(key::SUBJECT), Value::Ref(image), nowhere(node));
    let mut add = |name: &str, part: &Text| {
        let value = part.cause().map_or_else(|| Value::String(part.as_str()), |cause| Value::Unknown(cause));
        let child = builder.entry(map, Key::fact(name), value, part.span(node));
        builder.flag(child, part.flags());
    };
    add("reference", text);
    let words = text.as_str();
    let parts = split_image(words);
    let part = |part: &str| {
        let start = part.as_ptr() as usize - words.as_ptr() as usize;
        text.slice(start..start + part.len())
    };
    for (name, value) in [
        ("registry", parts.registry),
        ("repository", Some(parts.repository)),
        ("name", Some(parts.name)),
        ("tag", parts.tag),
        ("digest", parts.digest),
    ] {
        if let Some(value) = value {
            add(name, &part(value));
        }
    }
    if words.contains(HOLE) && text.cause().is_some() {
        builder.flag(map, Flags::OPEN);
    }
}

fn build_facts(builder: &mut Builder<'_>, loader: &Loader<'_>, facts: NodeId, build: NodeId, known_build: &BuildPlace) {
    let site = builder.doc().node(build.0).map_or(Span::default(), Node::span);
    let map = builder.entry(facts, Key::of(key::BUILD), Value::Map, site);
    builder.entry(map, Key::of(key::SUBJECT), Value::Ref(build), nowhere(site));
    let inline = known_build.inline;
    builder.entry(map, Key::of(key::INLINE), Value::Bool(inline), site);
    let context = match &known_build.context {
        Ok(context) => context,
        Err(cause) => {
            for name in ["context", "dockerfile", "remote"] {
                builder.entry(map, Key::fact(name), Value::Unknown(cause), site);
            }
            return;
        }
    };
    let remote = is_remote(context);
    builder.entry(map, Key::of(key::REMOTE), Value::Bool(remote), site);
    if remote {
        return;
    }
    let directory = loader.directory(known_build.dir);
    let place = path::resolve(directory, context);
    let (Place::Inside(context) | Place::Outside(context) | Place::Absolute(context) | Place::Home(context)) = &place;
    builder.entry(map, Key::of(key::CONTEXT), Value::String(context), site);
    if inline {
        return;
    }
    match &known_build.dockerfile {
        Ok(written) if written.starts_with('/') => {
            builder.entry(map, Key::of(key::DOCKERFILE), Value::String(&path::clean(written)), site);
        }
        Ok(written) => {
            builder.entry(map, Key::of(key::DOCKERFILE), Value::String(&path::clean(&format!("{context}/{written}"))), site);
        }
        Err(cause) => {
            builder.entry(map, Key::of(key::DOCKERFILE), Value::Unknown(cause), site);
        }
    }
}

/// What decides where a service is built.
#[derive(Debug, Clone)]
struct BuildPlace {
    /// The context as written, `.` if it is not; or why it cannot be told.
    context: Result<String, String>,
    dockerfile: Result<String, String>,
    inline: bool,
    dir: Dir,
}

impl BuildPlace {
    /// Reads the `build` of a service.
    fn of(build: &Tree) -> Self {
        let field = |key: &str, default: &str| match build.get(key) {
            None => Ok(default.to_owned()),
            Some(value) => match value.as_str() {
                Some(text) => Ok(text.to_owned()),
                None => Err("a variable decides it".to_owned()),
            },
        };
        let dir = build.get("context").map_or(build.dir, |context| context.dir);
        let open = build.flags.has(Flags::OPEN) && build.get("context").is_none();
        Self {
            context: if open { Err("the build may hold more than is shown".to_owned()) } else { field("context", ".") },
            dockerfile: field("dockerfile", "Dockerfile"),
            inline: build.get("dockerfile_inline").is_some(),
            dir,
        }
    }
}
