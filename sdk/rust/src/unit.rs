//! What one check sees.

use crate::{Dyn, List, Truth, View};
use plimsoll_document::{Doc, Node, Symbol};

/// The judged document, its relatives, and the edges between them.
#[derive(Clone, Debug)]
pub struct Unit<'a> {
    documents: Vec<Doc<'a>>,
    edges: &'a [u32],
    names: &'a [(&'static str, Symbol)],
}

/// Where a relation leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Relation<'a> {
    /// To these nodes.
    These(Vec<Node<'a>>),
    /// Certainly nowhere.
    None,
    /// It cannot be told from here.
    Unknown,
}

impl<'a> Unit<'a> {
    /// A unit. `names` gives the symbol of every relation name that edges may carry.
    pub fn new(documents: Vec<Doc<'a>>, edges: &'a [u32], names: &'a [(&'static str, Symbol)]) -> Self {
        Self { documents, edges, names }
    }

    /// The documents; the first is judged.
    pub fn documents(&self) -> &[Doc<'a>] {
        &self.documents
    }

    pub(crate) fn document_of(&self, node: Node<'_>) -> u32 {
        let root = node.doc().root();
        self.documents.iter().position(|doc| doc.root() == root).unwrap_or(0) as u32
    }

    /// Follows a relation; unknown if the rule did not declare it.
    pub fn relation(&self, node: Node<'_>, name: &str) -> Relation<'a> {
        let Some((_, symbol)) = self.names.iter().find(|(known, _)| *known == name) else { return Relation::Unknown };
        let from = (self.document_of(node), node.target().index());
        let mut rest = self.edges;
        while let [edge, document, start, state, count, tail @ ..] = rest {
            let ends = (*count as usize).saturating_mul(2).min(tail.len());
            let (ends, next) = tail.split_at(ends);
            rest = next;
            if *edge != symbol.0 || (*document, *start) != from {
                continue;
            }
            return match state {
                0 => Relation::These(ends.chunks_exact(2).filter_map(|end| self.documents.get(end[0] as usize)?.node(end[1])).collect()),
                1 => Relation::None,
                _ => Relation::Unknown,
            };
        }
        Relation::Unknown
    }
}

impl<'a> Relation<'a> {
    /// The ends that are known, as views.
    pub fn iter<V: View<'a>>(&self) -> impl Iterator<Item = V> {
        let ends: &[Node<'a>] = match self {
            Self::These(ends) => ends,
            _ => &[],
        };
        ends.iter().copied().map(V::from_node)
    }

    /// Whether the statement holds for an end.
    pub fn any<V: View<'a>, R: Into<Truth>>(&self, mut statement: impl FnMut(V) -> R) -> Truth {
        match self {
            Self::None => Truth::False,
            Self::Unknown => Truth::Unknown,
            Self::These(_) => self.iter().fold(Truth::False, |sum, end| sum.or(statement(end))),
        }
    }

    /// Whether there is no end.
    pub fn is_empty(&self) -> Truth {
        match self {
            Self::These(ends) => ends.is_empty().into(),
            Self::None => Truth::True,
            Self::Unknown => Truth::Unknown,
        }
    }
}

impl<'a> View<'a> for Node<'a> {
    const TYPE: &'static str = "dyn";
    fn from_node(node: Node<'a>) -> Self {
        node
    }
    fn node(self) -> Node<'a> {
        self
    }
}

impl<'a> View<'a> for Dyn<'a> {
    const TYPE: &'static str = "dyn";
    fn from_node(node: Node<'a>) -> Self {
        Self::new(node)
    }
    fn node(self) -> Node<'a> {
        Dyn::node(self)
    }
}

/// A list of dyn values, the commonest list of Terraform.
pub type Blocks<'a> = List<'a, Dyn<'a>>;
