//! Looking values up in what is written, three-valued.

use plimsoll_document::{Flags, Kind, Lookup, Node, NodeId, Span, Value};

/// What stands at a place.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// A value other than null.
    Node(NodeId, Span),
    /// Nothing can be told, and why.
    Unknown(String, Span),
    /// Certainly nothing; a null is nothing to an API server.
    Absent,
}

impl Found {
    /// The value under a key of a map.
    pub(crate) fn under(map: Node<'_>, key: &str) -> Self {
        match map.get_text(key) {
            Lookup::Present(node) => Self::of(node),
            Lookup::Absent => Self::Absent,
            Lookup::Unknown(around) => {
                let cause = around.cause().unwrap_or("what is written around it cannot all be read");
                Self::Unknown(cause.to_owned(), around.span())
            }
        }
    }

    fn of(node: Node<'_>) -> Self {
        match node.kind() {
            Kind::Null => Self::Absent,
            Kind::Unknown => Self::Unknown(node.cause().unwrap_or_default().to_owned(), node.span()),
            _ => Self::Node(NodeId(node.index()), node.span()),
        }
    }

    /// The value at the end of a path of keys.
    pub(crate) fn at(mut node: Node<'_>, path: &[&str]) -> Self {
        let Some((last, path)) = path.split_last() else { return Self::of(node) };
        for key in path {
            match Self::under(node, key) {
                Self::Node(next, _) => match node.doc().node(next.0) {
                    Some(next) => node = next,
                    None => return Self::Absent,
                },
                other => return other,
            }
        }
        Self::under(node, last)
    }

    /// This, or what stands elsewhere if here is nothing.
    pub(crate) fn or(self, other: impl FnOnce() -> Self) -> Self {
        if matches!(self, Self::Absent) { other() } else { self }
    }

    /// A fact that refers to it; `None` if there is nothing.
    pub(crate) fn fact(&self) -> Option<(Value<'_>, Span)> {
        match self {
            Self::Node(node, span) => Some((Value::Ref(*node), *span)),
            Self::Unknown(cause, span) => Some((Value::Unknown(cause), *span)),
            Self::Absent => None,
        }
    }
}

/// Whether a value is a text that a template or variable still fills: Helm and Argo `{{…}}`, `${…}` of envsubst and Flux, `$(…)` of
/// OpenShift templates and Kustomize vars.
pub(crate) fn is_filled_later(node: Node<'_>) -> bool {
    node.flags().has(Flags::TEMPLATED) || node.as_str().is_some_and(|text| ["{{", "${", "$("].iter().any(|open| text.contains(open)))
}
