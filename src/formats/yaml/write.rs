//! From a tree into a document.

use crate::{Content, Entry, Id, Merged, Node, Problem, ProblemKind, Scalar, Tree};
use plimsoll_document::{Builder, Flags, Key, NodeId, OriginEntry, Role, Span, Value};
use plimsoll_formats::{MAX_DEPTH, is_full};
use std::borrow::Cow;

/// Nodes of a document that aliases and merge keys may add; beyond it they are unknown, with one problem.
pub const MAX_EXPANDED: u32 = 200_000;

/// How a format reads scalars.
#[derive(Clone, Copy)]
pub struct Reading {
    /// The type of a scalar: [`crate::kubernetes_scalar`], [`crate::compose_scalar`].
    pub scalar: for<'a> fn(&'a Node<'_>) -> Option<Scalar<'a>>,
    /// The name of a key; where it has none, its text as written is taken.
    pub key: for<'a> fn(&'a Node<'_>) -> Option<Cow<'a, str>>,
    /// Whether `{{` in a text says that a template still fills it.
    pub templates: bool,
}

impl Reading {
    /// As Kubernetes reads.
    pub const KUBERNETES: Self = Self { scalar: crate::kubernetes_scalar, key: crate::kubernetes_key, templates: true };
    /// As Compose reads.
    pub const COMPOSE: Self = Self { scalar: crate::compose_scalar, key: text_key, templates: true };
    /// As an API server reads JSON: what is written is what is meant.
    pub const JSON: Self = Self { scalar: crate::json_scalar, key: text_key, templates: false };
}

fn text_key<'a>(node: &'a Node<'_>) -> Option<Cow<'a, str>> {
    match &node.content {
        Content::Scalar { value, .. } => Some(Cow::Borrowed(value)),
        _ => None,
    }
}

/// Writes subtrees of one tree into a document, with aliases and merge keys expanded. What came through them is flagged
/// [`Flags::FROM_ANCHOR`] and has its site where it is written; its origin also names the alias.
pub struct Writer<'w, 't, 'k> {
    tree: &'w Tree<'t>,
    text: &'t str,
    source: u32,
    builder: &'w mut Builder<'k>,
    reading: Reading,
    /// Limits that were hit and anchors that contain themselves; at most one of each.
    pub problems: Vec<Problem>,
    /// Aliases being expanded.
    active: Vec<Id>,
    expanded: u32,
    depth: u32,
}

enum Place<'p> {
    Root,
    Entry(NodeId, Key<'p>),
    Item(NodeId),
}

impl<'w, 't, 'k> Writer<'w, 't, 'k> {
    /// A writer for `tree`, whose text is the document's source number `source`.
    pub fn new(tree: &'w Tree<'t>, text: &'t str, source: u32, builder: &'w mut Builder<'k>, reading: Reading) -> Self {
        Self { tree, text, source, builder, reading, problems: vec![], active: vec![], expanded: 0, depth: 0 }
    }

    /// The document being written.
    pub const fn builder(&mut self) -> &mut Builder<'k> {
        self.builder
    }

    /// Writes a subtree as the document's root.
    pub fn root(&mut self, id: Id) -> NodeId {
        self.node(&Place::Root, id)
    }

    /// Writes a subtree as an entry of a map.
    pub fn entry(&mut self, map: NodeId, key: Key<'_>, id: Id) -> NodeId {
        self.node(&Place::Entry(map, key), id)
    }

    /// Writes a subtree as an item of a list.
    pub fn item(&mut self, list: NodeId, id: Id) -> NodeId {
        self.node(&Place::Item(list), id)
    }

    /// The span of something of this tree.
    pub fn span(&self, range: &std::ops::Range<u32>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn node(&mut self, place: &Place<'_>, id: Id) -> NodeId {
        let tree = self.tree;
        let written = tree.node(id);
        if let Content::Alias { target } = written.content {
            let site = self.span(&written.span);
            let Some(target) = target else {
                return self.push(place, Value::Unknown("the alias names no anchor before it"), site);
            };
            let enclosing = tree.node(target);
            if enclosing.span.start <= written.span.start && written.span.end <= enclosing.span.end || self.active.contains(&target) {
                self.problem(ProblemKind::Limit, &written.span, "the anchor contains itself");
                return self.push(place, Value::Unknown("the anchor contains itself"), site);
            }
            self.active.push(target);
            let node = self.node(place, target);
            self.active.pop();
            let decided = OriginEntry { role: Role::Decided, at: self.span(&enclosing.span) };
            let origin = self.builder.origin(&[decided, OriginEntry { role: Role::Via, at: site }]);
            self.builder.set_origin(node, origin);
            return node;
        }
        let site = self.span(&written.span);
        if !self.active.is_empty() {
            self.expanded += 1;
        }
        if self.expanded > MAX_EXPANDED || is_full(self.builder) || self.depth >= MAX_DEPTH {
            self.problem(ProblemKind::Limit, &written.span, "the document expands to too many values");
            return self.push(place, Value::Unknown("the document expands to too many values"), site);
        }
        let node = match &written.content {
            Content::Scalar { .. } => {
                let value = match (self.reading.scalar)(written) {
                    None | Some(Scalar::Null) => Value::Null,
                    Some(Scalar::Bool(value)) => Value::Bool(value),
                    Some(Scalar::Number(value)) => Value::Number(value),
                    Some(Scalar::String(text)) => Value::String(text),
                };
                let node = self.push(place, value, site);
                if self.reading.templates && matches!(value, Value::String(text) if text.contains("{{")) {
                    self.builder.flag(node, Flags::TEMPLATED);
                }
                node
            }
            Content::Sequence { items, .. } => {
                let node = self.push(place, Value::List, site);
                self.depth += 1;
                for item in items {
                    self.item(node, *item);
                }
                self.depth -= 1;
                node
            }
            Content::Mapping { .. } => {
                let node = self.push(place, Value::Map, site);
                self.depth += 1;
                self.fill(node, id);
                self.depth -= 1;
                node
            }
            Content::Broken | Content::Alias { .. } => self.push(place, Value::Unknown("a syntax error hides the value"), site),
        };
        if written.open {
            self.builder.flag(node, Flags::OPEN);
        }
        node
    }

    /// Writes the entries of a mapping into a map that stands already.
    pub fn fill(&mut self, map: NodeId, id: Id) {
        let tree = self.tree;
        let written = tree.entries(id);
        if self.expanded <= MAX_EXPANDED && !written.iter().any(|entry| tree.is_merge(*entry)) {
            // As most are: nothing to be worked out, nor to be put aside.
            for entry in written {
                self.keyed(map, *entry);
            }
            return;
        }
        let entries = if self.expanded > MAX_EXPANDED {
            // Working out what is merged costs as much as writing it.
            self.builder.flag(map, Flags::OPEN);
            tree.entries(id).iter().filter(|entry| !tree.is_merge(**entry)).map(|entry| Merged { entry: *entry, merged: false }).collect()
        } else {
            tree.merged(id)
        };
        for Merged { entry, merged } in entries {
            if merged {
                self.active.push(entry.value);
                self.keyed(map, entry);
                self.active.pop();
            } else {
                self.keyed(map, entry);
            }
        }
        if tree.merge_is_open(id) {
            self.builder.flag(map, Flags::OPEN);
        }
    }

    fn keyed(&mut self, map: NodeId, entry: Entry) {
        let tree = self.tree;
        let key = tree.node(tree.resolve(entry.key));
        let span = &tree.node(entry.key).span;
        let name = (self.reading.key)(key).unwrap_or_else(|| Cow::Borrowed(&self.text[span.start as usize..span.end as usize]));
        self.entry(map, Key::at(&name, self.span(span)), entry.value);
    }

    fn push(&mut self, place: &Place<'_>, value: Value<'_>, site: Span) -> NodeId {
        let node = match place {
            Place::Root => self.builder.root(value, site),
            Place::Entry(map, key) => self.builder.entry(*map, *key, value, site),
            Place::Item(list) => self.builder.item(*list, value, site),
        };
        if !self.active.is_empty() {
            self.builder.flag(node, Flags::FROM_ANCHOR);
        }
        node
    }

    fn problem(&mut self, kind: ProblemKind, at: &std::ops::Range<u32>, message: &str) {
        if !self.problems.iter().any(|problem| problem.message == message) {
            self.problems.push(Problem { kind, at: at.clone(), message: message.to_owned() });
        }
    }
}
