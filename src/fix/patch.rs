//! A plan as a JSON Patch (RFC 6902), for admission.

use crate::plan::Plan;
use crate::render::Dropped;
use plimsoll_document::{Document, Kind, Node};
use serde_json::{Value, json};

/// The patch that applies a plan to the object of `unit`'s first document. Source replacements and new files have no place in one.
pub fn json_patch(unit: &[&Document], plan: &Plan) -> Result<Value, Dropped> {
    if !plan.sources.is_empty() || !plan.created.is_empty() {
        return Err(Dropped::new("a source replacement cannot become a patch"));
    }
    let document = unit.first().ok_or_else(|| Dropped::new("there is no document"))?;
    let node = |index: u32| document.doc().node(index).map(Node::target).ok_or_else(|| Dropped::new("no such node"));
    let mut out = vec![];
    for ((_, index), value) in &plan.replaced {
        out.push(json!({"op": "replace", "path": pointer(node(*index)?), "value": value}));
    }
    for ((_, index), entries) in &plan.added {
        let map = node(*index)?;
        if map.kind() == Kind::Null {
            out.push(json!({"op": "replace", "path": pointer(map), "value": entries}));
            continue;
        }
        for (key, value) in entries {
            out.push(json!({"op": "add", "path": format!("{}/{}", pointer(map), escape(key)), "value": value}));
        }
    }
    for ((_, index), items) in &plan.appended {
        let list = node(*index)?;
        for item in items {
            out.push(json!({"op": "add", "path": format!("{}/-", pointer(list)), "value": item}));
        }
    }
    // From the last item back, so that earlier positions stay true; removals come at the very end for the same reason.
    let mut moves: Vec<(String, usize, Option<&Value>)> = vec![];
    for (offset, map) in [(0, &plan.before), (1, &plan.after)] {
        for ((_, index), items) in map {
            let item = node(*index)?;
            let list = item.parent().ok_or_else(|| Dropped::new("the root is no list item"))?;
            moves.extend(items.iter().rev().map(|value| (pointer(list), position(item) + offset, Some(value))));
        }
    }
    moves.sort_by(|a, b| (&b.0, b.1).cmp(&(&a.0, a.1)));
    for (list, at, value) in moves {
        out.push(json!({"op": "add", "path": format!("{list}/{at}"), "value": value}));
    }
    for ((_, index), name) in &plan.renamed {
        let entry = node(*index)?;
        let parent = entry.parent().ok_or_else(|| Dropped::new("the root has no name"))?;
        out.push(json!({"op": "move", "from": pointer(entry), "path": format!("{}/{}", pointer(parent), escape(name))}));
    }
    let mut removed: Vec<Node<'_>> = plan.removed.iter().map(|(_, index)| node(*index)).collect::<Result<_, _>>()?;
    removed.sort_by_key(|node| std::cmp::Reverse((node.parent().map(Node::index), position(*node))));
    out.extend(removed.into_iter().map(|node| json!({"op": "remove", "path": pointer(node)})));
    Ok(Value::Array(out))
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn position(node: Node<'_>) -> usize {
    node.parent().map_or(0, |parent| parent.children().take_while(|child| child.index() != node.index()).count())
}

fn pointer(node: Node<'_>) -> String {
    let Some(parent) = node.parent() else { return String::new() };
    let last = if parent.kind() == Kind::List { position(node).to_string() } else { escape(node.key()) };
    format!("{}/{last}", pointer(parent))
}
