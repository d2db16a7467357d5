//! Writing expressions and their worth.

use super::{Reference, Slot, Writer};
use crate::eval::{Data, Environment, Marks, Value as Worth};
use crate::syntax::{Expr, ExprKind};
use plimsoll_document::{Flags, Key, NodeId, OriginEntry, Role, Span, Value};

/// Nodes that are written for computed values, as opposed to what stands in the files: real modules stay far below.
const MAX_COMPUTED: u32 = 200_000;

impl<'w> Writer<'w, '_> {
    /// Writes an argument's expression. Objects and tuples are written as they stand, so that each of their items has its own place.
    pub(super) fn expr(&mut self, slot: Slot<'_>, expr: &'w Expr, environment: Environment<'_, 'w>, path: &mut String) -> NodeId {
        match &expr.bare().kind {
            ExprKind::Object(entries) => {
                let map = self.put(slot, Value::Map, expr.span);
                for (key, value) in entries {
                    if self.full {
                        break;
                    }
                    let text = environment.object_key(key).ok().flatten();
                    let Some((text, _)) = text else {
                        self.builder.flag(map, Flags::OPEN);
                        continue;
                    };
                    let length = push_pointer(path, &text);
                    self.expr(Slot::Entry(map, Key::at(&text, key.span())), value, environment, path);
                    path.truncate(length);
                }
                map
            }
            ExprKind::Tuple(items) => {
                let list = self.put(slot, Value::List, expr.span);
                for (at, item) in items.iter().enumerate() {
                    if self.full {
                        break;
                    }
                    let length = push_pointer(path, &at.to_string());
                    self.expr(Slot::Item(list), item, environment, path);
                    path.truncate(length);
                }
                list
            }
            _ => {
                let worth = environment.value(expr);
                let node = self.worth(slot, &worth, expr.span, Marks::default());
                self.note_references(expr, node, path);
                node
            }
        }
    }

    fn note_references(&mut self, expr: &Expr, subject: NodeId, path: &str) {
        if matches!(expr.kind, ExprKind::Bool(_) | ExprKind::Null | ExprKind::Number(_) | ExprKind::String(_)) {
            return;
        }
        let found = self.names.locals.find(expr, &self.bound);
        let plain = found.plain;
        self.found.extend(found.targets.into_iter().map(|target| Reference { path: path.to_owned(), subject, target, plain }));
    }

    /// Writes what an expression at `site` is worth.
    pub(super) fn worth(&mut self, slot: Slot<'_>, worth: &Worth, site: Span, inherited: Marks) -> NodeId {
        let marks = worth.marks | inherited;
        self.computed += 1;
        if self.computed > MAX_COMPUTED {
            self.cut = true;
            return self.put(slot, Value::Unknown("the module is too large when evaluated"), site);
        }
        let node = match &worth.data {
            Data::Unknown(cause) => self.put(slot, Value::Unknown(cause), site),
            Data::Null => self.put(slot, Value::Null, site),
            Data::Bool(value) => self.put(slot, Value::Bool(*value), site),
            Data::Number(number) => self.put(slot, Value::Number(*number), site),
            Data::String(text) => self.put(slot, Value::String(text), site),
            Data::Sequence(sequence) => {
                let list = self.put(slot, Value::List, site);
                for item in &sequence.items {
                    if self.full || self.cut {
                        self.builder.flag(list, Flags::OPEN);
                        break;
                    }
                    self.worth(Slot::Item(list), item, inner_site(item, site), marks);
                }
                list
            }
            Data::Mapping(mapping) => {
                let map = self.put(slot, Value::Map, site);
                if mapping.open {
                    self.builder.flag(map, Flags::OPEN);
                }
                for (key, entry) in &mapping.entries {
                    if self.full || self.cut {
                        self.builder.flag(map, Flags::OPEN);
                        break;
                    }
                    let key = match entry.key.filter(|span| site.contains(*span)) {
                        Some(span) => Key::at(key, span),
                        None => Key::fact(key),
                    };
                    self.worth(Slot::Entry(map, key), &entry.value, inner_site(&entry.value, site), marks);
                }
                map
            }
        };
        self.mark(node, marks);
        self.trace(node, worth, site);
        node
    }

    fn mark(&mut self, node: NodeId, marks: Marks) {
        if marks == Marks::default() {
            return;
        }
        let mut flags = Flags::NONE;
        for (mark, flag) in
            [(Marks::SENSITIVE, Flags::SENSITIVE), (Marks::VARIABLE, Flags::FROM_VARIABLE), (Marks::DEFAULTED, Flags::DEFAULTED)]
        {
            if marks.has(mark) {
                flags |= flag;
            }
        }
        self.builder.flag(node, flags);
    }

    /// Says where a value came from, if that is not its site.
    fn trace(&mut self, node: NodeId, worth: &Worth, site: Span) {
        let decided = worth.at.filter(|at| *at != site);
        if decided.is_none() && worth.way.is_none() {
            return;
        }
        let mut entries = vec![];
        entries.extend(decided.map(|at| OriginEntry { role: Role::Decided, at }));
        if let Some(way) = &worth.way {
            if decided.is_some() {
                entries.extend(way.via.iter().filter(|at| **at != site).map(|at| OriginEntry { role: Role::Via, at: *at }));
            }
            entries.extend(way.also.iter().filter(|at| Some(**at) != decided).map(|at| OriginEntry { role: Role::Also, at: *at }));
        }
        if !entries.is_empty() {
            let origin = self.builder.origin(&entries);
            self.builder.set_origin(node, origin);
        }
    }
}

/// The part's own literal if the argument holds it, else the argument.
fn inner_site(worth: &Worth, site: Span) -> Span {
    worth.at.filter(|at| site.contains(*at)).unwrap_or(site)
}

/// Appends a step to a JSON Pointer; returns the length before.
pub(super) fn push_pointer(path: &mut String, step: &str) -> usize {
    let length = path.len();
    path.push('/');
    for c in step.chars() {
        match c {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            c => path.push(c),
        }
    }
    length
}
