//! A plan as a JSON Patch (RFC 6902), for admission.

use crate::plan::Plan;
use crate::render::Dropped;
use plimsoll_document::{Document, Kind, Node};
use serde_json::{Value, json};
use std::cmp::Reverse;

/// The patch that applies a plan to the object of `unit`'s first document. Source replacements, new files and changes of other documents
/// have no place in one.
pub fn json_patch(unit: &[&Document], plan: &Plan) -> Result<Value, Dropped> {
    if !plan.sources.is_empty() || !plan.created.is_empty() {
        return Err(Dropped::new("neither a source replacement nor a new file can become a patch"));
    }
    if plan.touched().any(|(document, _)| document != 0) {
        return Err(Dropped::new("the change belongs to another object"));
    }
    let document = unit.first().ok_or_else(|| Dropped::new("there is no document"))?;
    let node = |index: u32| document.doc().node(index).map(Node::target).ok_or_else(|| Dropped::new("no such node"));
    let mut steps: Vec<Step> = vec![];
    for ((_, index), value) in &plan.replaced {
        let node = node(*index)?;
        steps.push(Step::at(node, Rank::Replace, json!({"op": "replace", "path": pointer(node), "value": value})));
    }
    for ((_, index), entries) in &plan.added {
        let map = node(*index)?;
        if map.kind() == Kind::Null {
            steps.push(Step::inside(map, json!({"op": "replace", "path": pointer(map), "value": entries})));
            continue;
        }
        for (key, value) in entries {
            steps.push(Step::inside(map, json!({"op": "add", "path": format!("{}/{}", pointer(map), escape(key)), "value": value})));
        }
    }
    for ((_, index), items) in &plan.appended {
        let list = node(*index)?;
        for item in items {
            steps.push(Step::inside(list, json!({"op": "add", "path": format!("{}/-", pointer(list)), "value": item})));
        }
    }
    for (rank, offset, map) in [(Rank::InsertBefore, 0, &plan.before), (Rank::InsertAfter, 1, &plan.after)] {
        for ((_, index), items) in map {
            let item = node(*index)?;
            let list = item.parent().ok_or_else(|| Dropped::new("the root is no list item"))?;
            let path = format!("{}/{}", pointer(list), position(item) + offset);
            // Each goes before the one that was put there last.
            for value in items.iter().rev() {
                steps.push(Step::at(item, rank, json!({"op": "add", "path": path, "value": value})));
            }
        }
    }
    for ((_, index), name) in &plan.renamed {
        let entry = node(*index)?;
        let parent = entry.parent().ok_or_else(|| Dropped::new("the root has no name"))?;
        let path = format!("{}/{}", pointer(parent), escape(name));
        steps.push(Step::at(entry, Rank::Rename, json!({"op": "move", "from": pointer(entry), "path": path})));
    }
    for (_, index) in &plan.removed {
        let node = node(*index)?;
        steps.push(Step::at(node, Rank::Remove, json!({"op": "remove", "path": pointer(node)})));
    }
    // Stable: what goes to one place keeps its order.
    steps.sort_by_key(|step| step.order);
    Ok(steps.into_iter().map(|step| step.operation).collect())
}

/// One operation, and when it is its turn. Every pointer is that of the object as it came, so what an operation moves must be done with before it:
/// the deepest first, and in one list from its end to its beginning.
struct Step {
    order: (Reverse<usize>, u32, Reverse<usize>, Rank),
    operation: Value,
}

impl Step {
    fn at(node: Node<'_>, rank: Rank, operation: Value) -> Self {
        let parent = node.parent().map_or(0, Node::index);
        Self { order: (Reverse(depth(node)), parent, Reverse(position(node)), rank), operation }
    }

    /// Something new inside a container, behind all there is.
    fn inside(container: Node<'_>, operation: Value) -> Self {
        Self { order: (Reverse(depth(container) + 1), container.index(), Reverse(usize::MAX), Rank::Replace), operation }
    }
}

/// What comes first at one node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Replace,
    Rename,
    InsertAfter,
    Remove,
    InsertBefore,
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn depth(node: Node<'_>) -> usize {
    std::iter::successors(node.parent(), |above| above.parent()).count()
}

fn position(node: Node<'_>) -> usize {
    node.parent().map_or(0, |parent| parent.children().take_while(|child| child.index() != node.index()).count())
}

fn pointer(node: Node<'_>) -> String {
    let Some(parent) = node.parent() else { return String::new() };
    let last = if parent.kind() == Kind::List { position(node).to_string() } else { escape(node.key()) };
    format!("{}/{last}", pointer(parent))
}
