//! Writing a module's tree.

mod blocks;
mod body;
mod facts;
mod value;

use crate::eval::{Environment, Value as Worth};
use crate::module::{Module, Names};
use crate::references::Target;
use crate::syntax::Block;
use plimsoll_document::{Builder, Flags, Key, NodeId, Span, Value};
use plimsoll_formats::is_full;
use std::collections::HashMap;

/// Where a new node goes.
#[derive(Clone, Copy)]
pub(crate) enum Slot<'k> {
    Entry(NodeId, Key<'k>),
    Item(NodeId),
}

/// A reference found while writing, to become a fact when every node is known.
pub(crate) struct Reference {
    pub(crate) path: String,
    pub(crate) subject: NodeId,
    pub(crate) target: Target,
    pub(crate) plain: bool,
}

/// An object of the module that references can lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Resource,
    Module,
    Variable,
    Provider,
    Output,
}

/// An object that is written, waiting for its facts.
pub(crate) struct Written<'a> {
    pub(crate) kind: Kind,
    pub(crate) node: NodeId,
    pub(crate) address: String,
    pub(crate) block: &'a Block,
    pub(crate) instances: Option<Worth>,
    pub(crate) references: Vec<Reference>,
}

pub(crate) struct Writer<'w, 'k> {
    pub(crate) builder: Builder<'k>,
    pub(crate) module: &'w Module,
    pub(crate) names: &'w Names<'w>,
    pub(crate) directory: &'w str,
    written: Vec<Written<'w>>,
    by_address: HashMap<String, NodeId>,
    /// References of the object that is being written.
    found: Vec<Reference>,
    /// Names that `dynamic` blocks bind around what is being written.
    bound: Vec<&'w str>,
    /// The document is as large as any may be.
    pub(crate) full: bool,
    /// Nodes written for computed values, and whether their limit was hit.
    computed: u32,
    pub(crate) cut: bool,
    /// Named nodes for facts.
    requirements: Vec<(String, NodeId)>,
    versions: Vec<NodeId>,
    backend: Option<NodeId>,
    cloud: Option<NodeId>,
}

impl<'w, 'k> Writer<'w, 'k> {
    pub(crate) fn new(builder: Builder<'k>, module: &'w Module, names: &'w Names<'w>, directory: &'w str) -> Self {
        Self {
            builder,
            module,
            names,
            directory,
            written: vec![],
            by_address: HashMap::new(),
            found: vec![],
            bound: vec![],
            full: false,
            computed: 0,
            cut: false,
            requirements: vec![],
            versions: vec![],
            backend: None,
            cloud: None,
        }
    }

    /// Writes the whole tree; the root stands at `site`.
    pub(crate) fn write(&mut self, site: Span) {
        let root = self.builder.root(Value::Map, site);
        if self.module.open {
            self.builder.flag(root, Flags::OPEN);
        }
        self.blocks(root, site);
        self.facts(root, site);
    }

    fn environment(&self) -> Environment<'w, 'w> {
        Environment::new(&self.names.scope)
    }

    /// Adds a node; beyond the limit it is an unknown, and nothing below it is written.
    fn put(&mut self, slot: Slot<'_>, value: Value<'_>, site: Span) -> NodeId {
        self.full |= is_full(&self.builder);
        let value = if self.full && matches!(value, Value::List | Value::Map | Value::String(_)) {
            Value::Unknown("the module is too large")
        } else {
            value
        };
        match slot {
            Slot::Entry(map, key) => self.builder.entry(map, key, value, site),
            Slot::Item(list) => self.builder.item(list, value, site),
        }
    }

    fn text(&self, span: Span) -> String {
        self.builder.text(span.source).get(span.start as usize..span.end as usize).unwrap_or_default().to_owned()
    }
}
