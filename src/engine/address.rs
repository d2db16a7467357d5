//! What a finding is about, in words that stay the same when lines move (contracts: identity of a finding).

use plimsoll_document::{Kind, Node, schema};

/// The address of a node, and the configuration address that its fingerprint is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// As shown: `services.db.ports[0]`.
    pub shown: String,
    /// Without instance keys and positions: `services.db.ports[]`.
    pub configuration: String,
    /// Whether the path is part of the identity: of everything but named Kubernetes objects.
    pub with_path: bool,
}

/// The address of `node` in a document of `target`.
pub fn address(target: &str, node: Node<'_>) -> Address {
    match target {
        "docker" => docker(node),
        "kubernetes" => kubernetes(node),
        "terraform" => terraform(node),
        _ => {
            let (shown, configuration) = route(target, node);
            Address { shown, configuration, with_path: true }
        }
    }
}

/// One step from a parent to a node.
struct Step<'a> {
    node: Node<'a>,
    /// The schema's type of the parent, for the key field of its lists.
    key_field: Option<&'static str>,
}

/// The steps from the root, each with the key field that the schema gives its list.
fn steps<'a>(target: &str, node: Node<'a>) -> Vec<Step<'a>> {
    let mut chain = vec![node];
    while let Some(parent) = chain.last().and_then(|node| node.parent()) {
        chain.push(parent);
    }
    chain.reverse();
    let mut ty = schema::root(target).map(|ty| schema::FieldType::Named(ty.name));
    let mut key_field = None;
    let mut steps = vec![];
    for node in chain.into_iter().skip(1) {
        let (next, next_key) = match ty {
            Some(schema::FieldType::Named(name)) => {
                let field = field(target, name, node.key());
                (field.map(|field| field.ty), field.and_then(|field| field.key))
            }
            Some(schema::FieldType::Map(inner) | schema::FieldType::List(inner) | schema::FieldType::Ref(inner)) => (Some(*inner), None),
            _ => (None, None),
        };
        let is_item = node.key().is_empty();
        steps.push(Step { node, key_field: if is_item { key_field } else { None } });
        key_field = next_key;
        ty = next;
    }
    steps
}

/// The field of a type. The spec of a Pod is one of its own, and the root cannot tell whose spec it has.
fn field(target: &str, ty: &str, key: &str) -> Option<&'static schema::Field> {
    let field = |ty: &str| schema::find(target, ty).and_then(|ty| ty.field(key));
    field(ty).or_else(|| if target == "kubernetes" && ty == "Spec" { field("PodSpec") } else { None })
}

/// `a.b[key].c`, and the same without positions.
fn route(target: &str, node: Node<'_>) -> (String, String) {
    let (mut shown, mut configuration) = (String::new(), String::new());
    for step in steps(target, node) {
        push_step(&mut shown, &mut configuration, &step);
    }
    (shown, configuration)
}

fn push_step(shown: &mut String, configuration: &mut String, step: &Step<'_>) {
    let key = step.node.key();
    if !key.is_empty() {
        for out in [shown, configuration] {
            if !out.is_empty() {
                out.push('.');
            }
            push_key(out, key);
        }
        return;
    }
    let named = step.key_field.and_then(|field| step.node.get_text(field).known()).and_then(Node::as_str);
    if let Some(name) = named {
        for out in [shown, configuration] {
            out.push('[');
            out.push_str(name);
            out.push(']');
        }
    } else {
        shown.push_str(&format!("[{}]", position(step.node)));
        configuration.push_str("[]");
    }
}

/// A key that holds a separator is quoted, so that addresses stay unambiguous.
fn push_key(out: &mut String, key: &str) {
    if key.contains(['.', '[', ']', '#', '"']) { out.push_str(&format!("{key:?}")) } else { out.push_str(key) }
}

fn position(node: Node<'_>) -> usize {
    node.parent().map_or(0, |parent| parent.children().take_while(|child| child.index() != node.index()).count())
}

fn text<'a>(node: Node<'a>, key: &str) -> Option<&'a str> {
    node.get_text(key).known().and_then(Node::as_str)
}

/// `stage[final].USER`, `stage[builder].RUN[2]`, `ARG[0]` before the first stage.
fn docker(node: Node<'_>) -> Address {
    let mut shown = String::new();
    let mut configuration = String::new();
    let mut chain = vec![node];
    while let Some(parent) = chain.last().and_then(|node| node.parent()) {
        chain.push(parent);
    }
    let is_command = |node: &&Node<'_>| node.key().is_empty() && node.parent().is_some_and(|list| list.key() == "commands");
    let command = chain.iter().find(is_command).and_then(|node| text(*node, "name"));
    for node in chain.into_iter().rev() {
        let list = node.parent().filter(|_| node.key().is_empty()).map(Node::key);
        let dot = |out: &mut String| {
            if !out.is_empty() {
                out.push('.');
            }
        };
        if list == Some("stages") {
            let name = stage_name(node);
            shown.push_str(&format!("stage[{name}]"));
            configuration.push_str(&format!("stage[{name}]"));
        } else if let Some(keyword) = text(node, "keyword") {
            dot(&mut shown);
            dot(&mut configuration);
            shown.push_str(keyword);
            configuration.push_str(keyword);
            let same = |other: &Node<'_>| text(*other, "keyword") == Some(keyword);
            let siblings = node.parent().filter(|_| node.key().is_empty());
            if siblings.is_some_and(|list| list.children().filter(same).count() > 1) {
                let at = siblings.map_or(0, |list| list.children().filter(same).take_while(|other| other.index() != node.index()).count());
                shown.push_str(&format!("[{at}]"));
                // Two RUNs tell apart by what they do: the name of the command it is about, or of the first.
                let command = command.unwrap_or_else(|| text_of_first_command(node));
                configuration.push_str(&format!("[{command}]"));
            }
        }
    }
    Address { shown, configuration, with_path: true }
}

fn stage_name(stage: Node<'_>) -> String {
    let facts = stage.get_text("facts").known();
    if facts.and_then(|facts| facts.get_text("final").known()).and_then(Node::as_bool) == Some(true) {
        return "final".to_owned();
    }
    text(stage, "name").map_or_else(|| position(stage).to_string(), str::to_owned)
}

fn text_of_first_command(instruction: Node<'_>) -> &str {
    let pair = instruction.get_text("pairs").known().and_then(|pairs| pairs.children().next());
    if let Some(key) = pair.and_then(|pair| text(pair, "key")) {
        return key;
    }
    let script = instruction.get_text("script").known();
    let command = script.and_then(|script| script.get_text("commands").known()).and_then(|commands| commands.children().next());
    command.and_then(|command| text(command, "name")).unwrap_or_default()
}

/// `Deployment/shop/web#spec.template.spec.containers[web].image`.
fn kubernetes(node: Node<'_>) -> Address {
    let mut root = node;
    while let Some(parent) = root.parent() {
        root = parent;
    }
    let kind = text(root, "kind").unwrap_or("?");
    let group = text(root, "apiVersion").and_then(|version| version.split_once('/')).map(|(group, _)| group);
    let kind = match group.filter(|group| group.contains('.') && !group.ends_with(".k8s.io")) {
        Some(group) => format!("{kind}.{group}"),
        None => kind.to_owned(),
    };
    let metadata = root.get_text("metadata").known();
    let part = |key: &str| metadata.and_then(|metadata| text(metadata, key));
    let (route, configuration) = route("kubernetes", node);
    let name = part("name").or_else(|| part("generateName"));
    let object = match (part("namespace"), name) {
        (Some(namespace), Some(name)) => format!("{kind}/{namespace}/{name}"),
        (None, Some(name)) => format!("{kind}/{name}"),
        (_, None) => kind,
    };
    let join = |route: &str| if route.is_empty() { object.clone() } else { format!("{object}#{route}") };
    Address { shown: join(&route), configuration: join(&configuration), with_path: name.is_none() }
}

/// `aws_s3_bucket.logs.acl`, `provider.aws.region`, `variable.name`.
fn terraform(node: Node<'_>) -> Address {
    let steps = steps("terraform", node);
    let (mut shown, mut configuration) = (String::new(), String::new());
    let mut rest = 0;
    for (at, step) in steps.iter().enumerate() {
        let own = step.node.get_text("facts").known().and_then(|facts| text(facts, "address"));
        if let Some(own) = own.filter(|_| step.node.kind() == Kind::Map) {
            own.clone_into(&mut shown);
            own.clone_into(&mut configuration);
            rest = at + 1;
            // The body is the inside of the block, not a step of its own.
            if steps.get(rest).is_some_and(|next| next.node.key() == "body") {
                rest += 1;
            }
            break;
        }
    }
    for step in &steps[rest..] {
        push_step(&mut shown, &mut configuration, step);
    }
    Address { shown, configuration, with_path: true }
}
