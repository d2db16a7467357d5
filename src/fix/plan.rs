//! The changes of all chosen fixes, merged on the tree.

use crate::pointer::{segments, walk};
use crate::{Op, OpKind, json};
use plimsoll_document::{Document, Kind, Node};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A node of a unit: document, then node number.
pub(crate) type At = (u32, u32);

/// Why a fix cannot join a plan now. It waits for the next round: the tree may be another then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// Two fixes want different values at one leaf.
    #[error("another fix wants a different value there")]
    Value,
    /// One fix writes below what another removes or replaces.
    #[error("another fix removes or replaces what this one changes")]
    Removed,
    /// The op's place is not in the tree, or cannot be told.
    #[error("the place of the change cannot be told from here")]
    Place,
    /// The op's text is not the JSON it must be.
    #[error("the rule gave a value that is not JSON: {0}")]
    Json(String),
}

/// Changes, by the node they anchor at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub(crate) replaced: BTreeMap<At, Value>,
    pub(crate) added: BTreeMap<At, Map<String, Value>>,
    pub(crate) appended: BTreeMap<At, Vec<Value>>,
    pub(crate) before: BTreeMap<At, Vec<Value>>,
    pub(crate) after: BTreeMap<At, Vec<Value>>,
    pub(crate) removed: BTreeSet<At>,
    pub(crate) renamed: BTreeMap<At, String>,
    pub(crate) sources: BTreeMap<At, String>,
    pub(crate) created: BTreeMap<String, String>,
}

impl Plan {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds all ops of one fix, or none of them.
    pub fn add(&mut self, unit: &[&Document], ops: &[Op]) -> Result<(), Conflict> {
        let mut next = self.clone();
        for op in ops {
            next.add_op(unit, op)?;
        }
        next.check_removals(unit)?;
        *self = next;
        Ok(())
    }

    /// Keeps the changes that anchor where `keep` says.
    pub(crate) fn retain(&mut self, keep: impl Fn(&At) -> bool) {
        self.replaced.retain(|at, _| keep(at));
        self.added.retain(|at, _| keep(at));
        self.appended.retain(|at, _| keep(at));
        self.before.retain(|at, _| keep(at));
        self.after.retain(|at, _| keep(at));
        self.removed.retain(|at| keep(at));
        self.renamed.retain(|at, _| keep(at));
    }

    /// Changes every new value.
    pub(crate) fn map_values(&mut self, change: &dyn Fn(&mut Value)) {
        let lists = self.appended.values_mut().chain(self.before.values_mut()).chain(self.after.values_mut()).flatten();
        self.replaced.values_mut().chain(self.added.values_mut().flat_map(|map| map.values_mut())).chain(lists).for_each(change);
    }

    fn add_op(&mut self, unit: &[&Document], op: &Op) -> Result<(), Conflict> {
        if op.kind == OpKind::CreateFile {
            return same(self.created.entry(op.key.clone()), &op.text);
        }
        let document = unit.get(op.document as usize).ok_or(Conflict::Place)?;
        let node = document.doc().node(op.node).ok_or(Conflict::Place)?;
        let path = segments(&op.key).ok_or(Conflict::Place)?;
        if op.kind == OpKind::ReplaceSource {
            return same(self.sources.entry((op.document, node.subject().index())), &op.text);
        }
        let there = walk(node, path).ok_or(Conflict::Place)?;
        let at = (op.document, there.node.index());
        if op.kind == OpKind::Remove {
            // What is not there need not be removed.
            if there.missing.is_empty() {
                self.removed.insert(at);
            }
            return Ok(());
        }
        // Whether a missing number is an item or a key cannot be told.
        if there.missing.iter().skip(1).any(|segment| segment == "-" || segment.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(Conflict::Place);
        }
        let value: Value = serde_json::from_str(&op.text).map_err(|error| Conflict::Json(error.to_string()))?;
        let fits = match op.kind {
            OpKind::Set if there.missing.is_empty() => return same(self.replaced.entry(at), &value),
            OpKind::Set => json::put(self.added.entry(at).or_default(), &there.missing, &value),
            OpKind::Append if there.missing.is_empty() && !matches!(there.node.kind(), Kind::List | Kind::Null) => {
                return Err(Conflict::Place);
            }
            OpKind::Append if there.missing.is_empty() => {
                push_new(self.appended.entry(at).or_default(), value);
                true
            }
            OpKind::Append => json::push(self.added.entry(at).or_default(), &there.missing, &value),
            OpKind::InsertBefore | OpKind::InsertAfter | OpKind::Rename if !there.missing.is_empty() => return Err(Conflict::Place),
            OpKind::InsertBefore => {
                push_new(self.before.entry(at).or_default(), value);
                true
            }
            OpKind::InsertAfter => {
                push_new(self.after.entry(at).or_default(), value);
                true
            }
            OpKind::Rename => {
                let Value::String(name) = value else { return Err(Conflict::Json("a new key is a string".to_owned())) };
                return same(self.renamed.entry(at), &name);
            }
            OpKind::Remove | OpKind::ReplaceSource | OpKind::CreateFile => true,
        };
        // What is null becomes a map or a list, not both.
        if fits && !(self.added.contains_key(&at) && self.appended.contains_key(&at)) { Ok(()) } else { Err(Conflict::Value) }
    }

    /// What goes into a list of which every item is removed, in order.
    pub(crate) fn put_into(&self, document: u32, list: Node<'_>) -> Vec<Value> {
        let beside = list.children().flat_map(|item| {
            let at = (document, item.target().index());
            self.before.get(&at).into_iter().chain(self.after.get(&at))
        });
        beside.chain(self.appended.get(&(document, list.index()))).flatten().cloned().collect()
    }

    /// Every place the plan touches.
    pub(crate) fn touched(&self) -> impl Iterator<Item = At> + '_ {
        let inserts = self.before.keys().chain(self.after.keys()).chain(self.appended.keys());
        self.replaced
            .keys()
            .chain(self.added.keys())
            .chain(inserts)
            .chain(self.renamed.keys())
            .chain(self.removed.iter())
            .chain(self.sources.keys())
            .copied()
    }

    /// A removed, replaced or rewritten node takes everything below it along, so nothing else may write there.
    fn check_removals(&self, unit: &[&Document]) -> Result<(), Conflict> {
        let gone: BTreeSet<At> = self.removed.iter().chain(self.replaced.keys()).chain(self.sources.keys()).copied().collect();
        if gone.is_empty() {
            return Ok(());
        }
        let both = |at: &At| {
            usize::from(self.removed.contains(at))
                + usize::from(self.replaced.contains_key(at))
                + usize::from(self.sources.contains_key(at))
                + usize::from(self.added.contains_key(at))
                + usize::from(self.appended.contains_key(at))
        };
        for at in self.touched() {
            let node: Node<'_> = unit[at.0 as usize].doc().node(at.1).ok_or(Conflict::Place)?;
            if gone.contains(&at) && both(&at) > 1 {
                return Err(Conflict::Removed);
            }
            let mut above = node.parent();
            while let Some(parent) = above {
                if gone.contains(&(at.0, parent.index())) {
                    return Err(Conflict::Removed);
                }
                above = parent.parent();
            }
        }
        Ok(())
    }
}

fn push_new(list: &mut Vec<Value>, value: Value) {
    if !list.contains(&value) {
        list.push(value);
    }
}

fn same<K: Ord, V: PartialEq + Clone>(entry: std::collections::btree_map::Entry<'_, K, V>, value: &V) -> Result<(), Conflict> {
    if entry.or_insert_with(|| value.clone()) == value { Ok(()) } else { Err(Conflict::Value) }
}
