//! What typed views have in common.

use crate::Field;
use plimsoll_document::Node;

/// A typed view of a map node: a `Stage`, a `Service`, a `Container`. Views are a node's number and no more, so they are copied freely.
pub trait View<'a>: Copy {
    /// Name of the type in the schema.
    const TYPE: &'static str;

    /// The view of a node. The node is not checked: a field of a node of another kind is absent or unknown.
    fn from_node(node: Node<'a>) -> Self;

    /// The node.
    fn node(self) -> Node<'a>;
}

/// Something a finding can point at: a view, a node, an item, or a field (where a field that holds nothing means the judged node).
pub trait Place<'a> {
    /// The node to point at, if there is one.
    fn place(&self) -> Option<Node<'a>>;
}

impl<'a> Place<'a> for Node<'a> {
    fn place(&self) -> Option<Node<'a>> {
        Some(*self)
    }
}

impl<'a, T> Place<'a> for Field<'a, T> {
    fn place(&self) -> Option<Node<'a>> {
        self.node()
    }
}

impl<'a, P: Place<'a>> Place<'a> for Option<P> {
    fn place(&self) -> Option<Node<'a>> {
        self.as_ref().and_then(Place::place)
    }
}
