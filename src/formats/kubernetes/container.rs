//! What the host works out of a container.

use crate::facts::reference;
use crate::lookup::{Found, is_filled_later};
use plimsoll_document::schema::key;
use plimsoll_document::{Builder, Key, Node, NodeId, Span, Value};
use plimsoll_formats::split_image;

/// The security settings that a pod can give its containers, and what the facts call them.
const INHERITED: [(&str, &str); 7] = [
    ("non-root", "runAsNonRoot"),
    ("user", "runAsUser"),
    ("group", "runAsGroup"),
    ("seccomp", "seccompProfile"),
    ("app-armor", "appArmorProfile"),
    ("se-linux", "seLinuxOptions"),
    ("windows", "windowsOptions"),
];

/// The facts of one container, as found.
pub(crate) struct Facts {
    /// The container.
    pub(crate) node: NodeId,
    /// Where it is written.
    pub(crate) at: Span,
    restart: Found,
    always: bool,
    image: Option<Image>,
    in_force: Vec<(&'static str, Found)>,
}

enum Image {
    Text { node: NodeId, at: Span, text: String, shift: Option<u32> },
    Unknown(String, Span),
}

impl Facts {
    pub(crate) fn find(container: Node<'_>, pod: Node<'_>) -> Self {
        let restart = Found::under(container, "restartPolicy");
        let always = container.get_text("restartPolicy").known().and_then(Node::as_str) == Some("Always");
        let setting =
            |name: &'static str| Found::at(container, &["securityContext", name]).or(|| Found::at(pod, &["securityContext", name]));
        Self {
            node: NodeId(container.index()),
            at: container.span(),
            restart,
            always,
            image: image(container),
            in_force: INHERITED.iter().map(|(fact, name)| (*fact, setting(name))).collect(),
        }
    }

    pub(crate) fn write(self, builder: &mut Builder<'_>, list: &str, pod: NodeId) {
        let facts = builder.entry(self.node, Key::of(key::FACTS), Value::Map, self.at);
        let role = match list {
            "initContainers" => match &self.restart {
                Found::Unknown(cause, _) => Value::Unknown(cause),
                _ if self.always => Value::String("sidecar"),
                _ => Value::String("init"),
            },
            "ephemeralContainers" => Value::String("ephemeral"),
            _ => Value::String("app"),
        };
        builder.entry(facts, Key::of(key::ROLE), role, self.at);
        match self.image {
            Some(Image::Text { node, at, text, shift }) => write_image(builder, facts, (node, at), &text, shift),
            Some(Image::Unknown(cause, at)) => drop(builder.entry(facts, Key::of(key::IMAGE), Value::Unknown(&cause), at)),
            None => {}
        }
        builder.entry(facts, Key::of(key::POD), Value::Ref(pod), self.at);
        for (fact, found) in &self.in_force {
            reference(builder, facts, fact, found);
        }
    }
}

fn image(container: Node<'_>) -> Option<Image> {
    let (node, at) = match Found::under(container, "image") {
        Found::Node(node, at) => (node, at),
        Found::Unknown(cause, at) => return Some(Image::Unknown(cause, at)),
        Found::Absent => return None,
    };
    let written = container.doc().node(node.0)?;
    // A number or a list is no image; an API server refuses it, and so would a rule guess.
    let text = written.as_str()?.to_owned();
    if is_filled_later(written) {
        return Some(Image::Unknown("a template or variable takes part in the image".to_owned(), at));
    }
    // Written plainly or in quotes without escapes: the parts have their own place.
    let shift = match (at.len() as usize).checked_sub(text.len()) {
        Some(0) => Some(0),
        Some(2) => Some(1),
        _ => None,
    };
    Some(Image::Text { node, at, text, shift })
}

fn write_image(builder: &mut Builder<'_>, facts: NodeId, (node, at): (NodeId, Span), text: &str, shift: Option<u32>) {
    let parts = split_image(text);
    let image = builder.entry(facts, Key::of(key::IMAGE), Value::Map, at);
    builder.entry(image, Key::of(key::SUBJECT), Value::Ref(node), at);
    let mut part = |key: &str, part: Option<&str>| {
        let Some(part) = part else { return };
        let from = part.as_ptr() as usize - text.as_ptr() as usize;
        let site = shift.map_or(at, |shift| {
            let start = at.start + shift + from as u32;
            Span::new(at.source, start, start + part.len() as u32)
        });
        builder.entry(image, Key::fact(key), Value::String(part), site);
    };
    part("reference", Some(text));
    part("registry", parts.registry);
    part("repository", Some(parts.repository));
    part("name", Some(parts.name));
    part("tag", parts.tag);
    part("digest", parts.digest);
}
