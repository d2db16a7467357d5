//! Finding the objects of a document.

use plimsoll_yaml::{Content, Id, Tree};

/// The objects of one YAML document: itself, or the items of a list, lists in lists included.
pub(crate) fn roots(tree: &Tree<'_>) -> Vec<Id> {
    let mut roots = vec![];
    collect(tree, tree.root(), &mut roots, 0);
    roots
}

fn collect(tree: &Tree<'_>, id: Id, roots: &mut Vec<Id>, depth: u32) {
    let id = tree.resolve(id);
    if !matches!(tree.node(id).content, Content::Mapping { .. }) {
        return;
    }
    let text = |key: &str| tree.get(id, key).and_then(|value| tree.scalar(value)).filter(|text| !text.is_empty());
    let (Some(_), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
    // Kinds of custom resources may end in `List` too: only one with items, and without a spec, is a list.
    let items = tree.get(id, "items").map(|items| tree.resolve(items));
    match items {
        Some(items) if kind.ends_with("List") && tree.get(id, "spec").is_none() && depth < 8 => {
            for item in tree.items(items) {
                collect(tree, *item, roots, depth + 1);
            }
        }
        _ => roots.push(id),
    }
}
