//! What one call judges.

use plimsoll_document::{Document, Symbol};

/// A document, and those that relations reach from it.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// `documents[0]` is judged.
    pub documents: &'a [&'a Document],
    /// Relations, as [`Edges`] writes them.
    pub edges: &'a [u32],
}

impl<'a> Unit<'a> {
    /// A unit without relatives.
    pub const fn alone(documents: &'a [&'a Document; 1]) -> Self {
        Self { documents, edges: &[] }
    }

    /// Nodes of all its documents.
    pub(crate) fn nodes(&self) -> u64 {
        self.documents.iter().map(|document| u64::from(document.doc().node_count())).sum()
    }
}

/// Writes a unit's edges.
#[derive(Clone, Default, Debug)]
pub struct Edges(Vec<u32>);

impl Edges {
    /// No edges.
    pub const fn new() -> Self {
        Self(vec![])
    }

    /// The relation `name` of node `from` of document `document` leads to these (document, node) pairs, maybe none at all.
    pub fn known(&mut self, name: Symbol, document: u32, from: u32, ends: &[(u32, u32)]) {
        self.0.extend([name.0, document, from, u32::from(ends.is_empty()), ends.len() as u32]);
        self.0.extend(ends.iter().flat_map(|(document, node)| [*document, *node]));
    }

    /// It cannot be told where the relation leads.
    pub fn unknown(&mut self, name: Symbol, document: u32, from: u32) {
        self.0.extend([name.0, document, from, 2, 0]);
    }

    /// The words, for [`Unit::edges`].
    pub fn words(&self) -> &[u32] {
        &self.0
    }
}
