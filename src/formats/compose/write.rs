//! The merged tree into a document.

use crate::load::Loader;
use crate::secret;
use crate::template::Variables;
use crate::tree::{Entry, Tree, Val};
use plimsoll_document::{Builder, Document, Flags, Key, KeyTable, NodeId, Span, Value};
use plimsoll_formats::{MAX_DEPTH, is_full};

/// Writes the document: every source, the tree, then facts.
pub(crate) fn document(loader: &Loader<'_>, root: &Tree, keys: &KeyTable, directory: &str, variables: &Variables) -> Document {
    let mut builder = Builder::new("compose", keys);
    for source in &loader.sources {
        builder.source(&source.path, &source.text);
    }
    let node = builder.root(Value::Map, root.site);
    mark(&mut builder, node, root);
    entries(&mut builder, node, root, 1, false);
    crate::facts::write(&mut builder, loader, root, directory, variables);
    builder.finish()
}

/// Merging nests a little deeper than any file of it.
fn too_many(builder: &Builder<'_>, depth: u32) -> bool {
    depth > MAX_DEPTH + 20 || is_full(builder)
}

fn mark(builder: &mut Builder<'_>, node: NodeId, tree: &Tree) {
    let mut flags = tree.flags;
    if let Val::Text(text) = &tree.value {
        flags |= text.flags();
    }
    builder.flag(node, flags);
    if !tree.origin.is_empty() {
        let origin = builder.origin(&tree.origin);
        builder.set_origin(node, origin);
    }
}

fn entries(builder: &mut Builder<'_>, map: NodeId, tree: &Tree, depth: u32, values: bool) {
    if too_many(builder, depth - 1) {
        return;
    }
    for entry in tree.as_map().into_iter().flatten().filter(|entry| !entry.value.implied) {
        let node = child(builder, &entry.value, depth, &Place::Entry(map, key(entry)));
        entries(builder, node, &entry.value, depth + 1, matches!(entry.key.as_str(), "environment" | "args"));
        if values && secret::is_name(&entry.key) && entry.value.words().is_some_and(|words| secret::is_value(&words)) {
            builder.flag(node, Flags::SENSITIVE);
        }
    }
}

fn key(entry: &Entry) -> Key<'_> {
    entry.key_span.map_or(Key::fact(&entry.key), |span| Key::at(&entry.key, span))
}

enum Place<'p> {
    Entry(NodeId, Key<'p>),
    Item(NodeId),
}

/// Writes a value with what is below it, but for the entries of a map.
fn child(builder: &mut Builder<'_>, tree: &Tree, depth: u32, place: &Place<'_>) -> NodeId {
    let value = match &tree.value {
        _ if too_many(builder, depth) => Value::Unknown("the project expands to too many values"),
        Val::Null => Value::Null,
        Val::Bool(value) => Value::Bool(*value),
        Val::Number(number) => Value::Number(number.value),
        Val::Text(text) => match text.cause() {
            Some(cause) => Value::Unknown(cause),
            None => Value::String(text.as_str()),
        },
        Val::List(_) => Value::List,
        Val::Map(_) => Value::Map,
        Val::Unknown(cause) => Value::Unknown(cause),
    };
    let (is_list, is_unknown) = (matches!(value, Value::List), matches!(value, Value::Unknown(_)));
    let node = match place {
        Place::Entry(map, key) => builder.entry(*map, *key, value, tree.site),
        Place::Item(list) => builder.item(*list, value, tree.site),
    };
    mark(builder, node, tree);
    if let Val::List(items) = &tree.value
        && is_list
        && !is_unknown
    {
        for item in items {
            let below = child(builder, item, depth + 1, &Place::Item(node));
            entries(builder, below, item, depth + 2, false);
        }
    }
    node
}

/// A place that nothing is written at.
pub(crate) const fn nowhere(at: Span) -> Span {
    Span::new(at.source, at.start, at.start)
}
