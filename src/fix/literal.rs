//! Where a `set` on a computed value writes: at the single literal that decided it.

use crate::Dropped;
use plimsoll_document::{Doc, Flags, Node, Role, Span};

/// A place to write a scalar.
pub(crate) struct Literal {
    pub(crate) at: Span,
    /// Whether other nodes take their value from it too: the fix becomes unsafe.
    pub(crate) shared: bool,
}

/// The literal that decides `node`.
pub(crate) fn of(node: Node<'_>) -> Result<Literal, Dropped> {
    let flags = node.flags();
    if flags.has(Flags::FROM_ANCHOR) {
        return Err(Dropped::new("the value comes through a yaml alias or merge key; change it where the anchor is"));
    }
    let mut decided = node.origin().filter(|entry| entry.role == Role::Decided).map(|entry| entry.at);
    let Some(first) = decided.next() else {
        if flags.has(Flags::TEMPLATED) || flags.has(Flags::FROM_VARIABLE) {
            return Err(Dropped::new("no single literal decides the value"));
        }
        return Ok(Literal { at: node.span(), shared: false });
    };
    if decided.any(|other| other != first) {
        return Err(Dropped::new("more than one literal decides the value"));
    }
    if first == node.span() {
        return Ok(Literal { at: first, shared: false });
    }
    if node.doc().source_length(first.source) == 0 {
        return Err(Dropped::new("the value is decided in a file outside this document"));
    }
    Ok(Literal { at: first, shared: others_decided(node.doc(), node, first) })
}

fn others_decided(doc: Doc<'_>, node: Node<'_>, literal: Span) -> bool {
    (0..doc.node_count())
        .filter_map(|index| doc.node(index))
        .filter(|other| !other.is_ref() && other.index() != node.index() && other.span() != node.span())
        .any(|other| other.origin().any(|entry| entry.role == Role::Decided && entry.at == literal))
}
