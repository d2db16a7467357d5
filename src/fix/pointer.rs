//! JSON Pointer (RFC 6901) over a document's tree.

use plimsoll_document::{Kind, Lookup, Node};

/// The segments of a pointer, unescaped.
pub(crate) fn segments(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(vec![]);
    }
    let rest = pointer.strip_prefix('/')?;
    Some(rest.split('/').map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect())
}

/// How far a pointer leads: the deepest node there is, and the segments that are missing below it.
pub(crate) struct Walk<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) missing: Vec<String>,
}

/// Follows `segments` from `node`. `None` if the way leads through a scalar or something that cannot be told.
pub(crate) fn walk(node: Node<'_>, segments: Vec<String>) -> Option<Walk<'_>> {
    let mut node = node.subject();
    let mut segments = segments.into_iter();
    while let Some(segment) = segments.next() {
        let next = match node.kind() {
            Kind::Map => match node.get_text(&segment) {
                Lookup::Present(child) => Some(child.target()),
                Lookup::Absent => None,
                // An open map may hold the key elsewhere: a write here could contradict it.
                Lookup::Unknown(_) => return None,
            },
            Kind::List => Some(node.children().nth(segment.parse().ok()?)?.target()),
            Kind::Null => None,
            _ => return None,
        };
        let Some(child) = next else {
            let mut missing = vec![segment];
            missing.extend(segments);
            return Some(Walk { node, missing });
        };
        node = child;
    }
    Some(Walk { node, missing: vec![] })
}
