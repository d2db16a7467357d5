//! Writing the arguments and nested blocks of a block.

use super::value::push_pointer;
use super::{Slot, Writer};
use crate::eval::{Data, Environment, Value as Worth, elements};
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind, Item};
use plimsoll_document::{Flags, Key, NodeId, Span, Value};
use std::collections::HashMap;
use std::rc::Rc;

/// Elements of one `dynamic` block that are written out.
const DYNAMIC_LIMIT: usize = 256;

/// The list of the nested blocks of one type.
struct Blocks {
    list: NodeId,
    site: Span,
    count: usize,
}

impl<'w> Writer<'w, '_> {
    /// Writes everything in `body` into `map`. `kind` is the type of the block it belongs to.
    pub(super) fn body(&mut self, map: NodeId, kind: &str, body: &'w Body, environment: Environment<'_, 'w>, path: &mut String) {
        if body.open {
            self.builder.flag(map, Flags::OPEN);
        }
        let mut lists: HashMap<&'w str, Blocks> = HashMap::new();
        for item in &body.items {
            if self.full {
                return;
            }
            match item {
                Item::Attribute(attribute) => self.attribute(map, kind, attribute, environment, path),
                Item::Block(block) if &*block.kind == "dynamic" && !block.labels.is_empty() => {
                    self.dynamic(map, block, environment, path, &mut lists);
                }
                Item::Block(block) => {
                    let (item, length) = self.nested(map, &block.kind, block.keyword, block.span, path, &mut lists);
                    let inner = self.labels(item, block);
                    self.body(inner, &block.kind, &block.body, environment, path);
                    path.truncate(length);
                }
            }
        }
        for blocks in lists.values() {
            self.builder.set_site(blocks.list, blocks.site);
        }
    }

    /// A new item of the list of blocks of a type; returns it and the path's length before. The path then names the item.
    fn nested(
        &mut self,
        map: NodeId,
        kind: &'w str,
        keyword: Span,
        span: Span,
        path: &mut String,
        lists: &mut HashMap<&'w str, Blocks>,
    ) -> (NodeId, usize) {
        let blocks = self.list(map, kind, keyword, span, lists);
        blocks.site = blocks.site.to(span);
        let (list, at) = (blocks.list, blocks.count);
        blocks.count += 1;
        let length = push_pointer(path, kind);
        push_pointer(path, &at.to_string());
        (self.put(Slot::Item(list), Value::Map, span), length)
    }

    fn list<'l>(
        &mut self,
        map: NodeId,
        kind: &'w str,
        keyword: Span,
        span: Span,
        lists: &'l mut HashMap<&'w str, Blocks>,
    ) -> &'l mut Blocks {
        lists.entry(kind).or_insert_with(|| {
            let list = self.put(Slot::Entry(map, Key::at(kind, keyword)), Value::List, span);
            Blocks { list, site: span, count: 0 }
        })
    }

    /// One list per label, as in Terraform's JSON syntax; returns the map that takes the body.
    fn labels(&mut self, mut item: NodeId, block: &Block) -> NodeId {
        for label in &block.labels {
            let list = self.put(Slot::Entry(item, Key::at(&label.text, label.span)), Value::List, block.span);
            item = self.put(Slot::Item(list), Value::Map, block.span);
        }
        item
    }

    fn attribute(&mut self, map: NodeId, kind: &str, attribute: &'w Attribute, environment: Environment<'_, 'w>, path: &mut String) {
        let slot = Slot::Entry(map, Key::at(&attribute.name, attribute.key));
        if names_objects(kind, &attribute.name) {
            self.written_as_text(slot, &attribute.value);
            return;
        }
        let length = push_pointer(path, &attribute.name);
        self.expr(slot, &attribute.value, environment, path);
        path.truncate(length);
    }

    /// A reference that is not evaluated but names an object: its text. Lists and objects of such likewise.
    pub(super) fn written_as_text(&mut self, slot: Slot<'_>, expr: &Expr) -> NodeId {
        match &expr.kind {
            ExprKind::Tuple(items) => {
                let list = self.put(slot, Value::List, expr.span);
                for item in items {
                    self.written_as_text(Slot::Item(list), item);
                }
                list
            }
            ExprKind::Object(entries) => {
                let map = self.put(slot, Value::Map, expr.span);
                for (key, value) in entries {
                    // `aws.west = aws` has a reference as its key, too.
                    let text = key.literal().map_or_else(|| self.text(key.span()), str::to_owned);
                    self.written_as_text(Slot::Entry(map, Key::at(&text, key.span())), value);
                }
                map
            }
            ExprKind::String(text) => self.put(slot, Value::String(text), expr.span),
            ExprKind::Null => self.put(slot, Value::Null, expr.span),
            _ => {
                let text = self.text(expr.span);
                self.put(slot, Value::String(&text), expr.span)
            }
        }
    }

    /// A `dynamic` block: one block per element of its `for_each`, at the place of the `dynamic` block.
    fn dynamic(
        &mut self,
        map: NodeId,
        block: &'w Block,
        environment: Environment<'_, 'w>,
        path: &mut String,
        lists: &mut HashMap<&'w str, Blocks>,
    ) {
        let label = &block.labels[0];
        let iterator = match block.body.attribute("iterator").map(|attribute| &attribute.value.kind) {
            Some(ExprKind::Variable(name) | ExprKind::String(name)) => &**name,
            _ => &label.text,
        };
        let over = block.body.attribute("for_each").map(|attribute| &attribute.value);
        let worth = over.map_or_else(|| Worth::unknown("the dynamic block has no for_each"), |expr| environment.value(expr));
        let open = matches!(&worth.data, Data::Mapping(mapping) if mapping.open) || block.body.open;
        let (known, cause): (Vec<(Worth, Worth)>, Option<Rc<str>>) = match elements(&worth) {
            Ok(Ok(elements)) if elements.len() <= DYNAMIC_LIMIT => (elements, open.then(|| "the collection may hold more elements".into())),
            Ok(Ok(_)) => (vec![], Some("the dynamic block has too many elements".into())),
            Ok(Err(cause)) => (vec![], Some(cause)),
            Err(fault) => (vec![], Some(fault.0)),
        };
        self.bound.push(iterator);
        let contents: Vec<&'w Block> = block.body.blocks("content").collect();
        let written = known.into_iter().map(|pair| (pair, false));
        let unknown = cause.as_ref().map(|cause| ((Worth::unknown(cause.clone()), Worth::unknown(cause.clone())), true));
        for ((key, value), may_exist) in written.chain(unknown) {
            if self.full {
                break;
            }
            let (item, length) = self.nested(map, &label.text, label.span, block.span, path, lists);
            if may_exist {
                self.builder.flag(item, Flags::MAY_EXIST);
                if let Some(blocks) = lists.get(&*label.text) {
                    self.builder.flag(blocks.list, Flags::OPEN);
                }
            }
            let bound = Worth::object([(Rc::from("key"), key), (Rc::from("value"), value)]);
            let binding = environment.bind(iterator, bound);
            for content in &contents {
                self.body(item, &label.text, &content.body, environment.with(&binding), path);
            }
            path.truncate(length);
        }
        self.bound.pop();
    }
}

/// Arguments whose expressions name objects instead of being evaluated, by the block they stand in.
fn names_objects(kind: &str, name: &str) -> bool {
    match name {
        "depends_on" => true,
        "provider" => matches!(kind, "resource" | "data" | "ephemeral" | "import"),
        "providers" => kind == "module",
        "ignore_changes" | "replace_triggered_by" => kind == "lifecycle",
        "from" => matches!(kind, "moved" | "removed"),
        "to" => matches!(kind, "moved" | "import"),
        "type" => kind == "variable",
        "configuration_aliases" => kind == "required_providers",
        _ => false,
    }
}
