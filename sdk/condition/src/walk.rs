//! Finding what rules judge: one walk of the tree for all rules, guided by the schema.

use crate::eval::Relations;
use crate::json::Json;
use crate::judge::Judgement;
use crate::rule::CompiledRule;
use crate::value::Value;
use plimsoll_document::schema::{self, FieldType, Type};
use plimsoll_document::{Doc, Kind, Lookup, Node};

/// Fields that tell apart what shares a type: `for: resource aws_s3_bucket`, `for: instruction RUN`.
pub(crate) const LABEL_FIELDS: [&str; 3] = ["type", "kind", "keyword"];

/// Which rules judge which types. Made once, used for every document.
#[derive(Debug, Default)]
pub struct Dispatch {
    /// Per type of the schema: the rules for it.
    wanted: Vec<Vec<usize>>,
    /// Per type: whether a node of it can hold one that is wanted.
    leads: Vec<bool>,
}

impl Dispatch {
    /// Sorts rules by what they judge. A rule of a type that the schema lacks judges nothing.
    pub fn new(rules: &[CompiledRule]) -> Self {
        let mut wanted = vec![vec![]; schema::TYPES.len()];
        for (index, rule) in rules.iter().enumerate() {
            if let Some(ty) = schema::TYPES.iter().position(|ty| ty.target == rule.target && ty.name == rule.judged.ty) {
                wanted[ty].push(index);
            }
        }
        let mut leads: Vec<bool> = wanted.iter().map(|rules| !rules.is_empty()).collect();
        // Types refer to one another in rings, so this runs until nothing changes: once per level of the schema at most.
        loop {
            let mut changed = false;
            for (at, ty) in schema::TYPES.iter().enumerate() {
                let leads_on = |field: &schema::Field| named(ty.target, &field.ty).is_some_and(|inner| leads[inner]);
                if !leads[at] && ty.fields.iter().any(leads_on) {
                    leads[at] = true;
                    changed = true;
                }
            }
            if !changed {
                return Self { wanted, leads };
            }
        }
    }

    /// Judges everything in a document of `target` by the rules that `enabled` names (the others may be judged too where they share
    /// a type with none: they are skipped). `options` has one object per rule. `found` gets the rule's index with each result that is not
    /// empty, rule by rule for each node, in the order of the walk.
    pub fn run<'a>(
        &self,
        rules: &'a [CompiledRule],
        target: &str,
        doc: Doc<'a>,
        enabled: &dyn Fn(usize) -> bool,
        options: &'a [Json],
        relations: &dyn Relations<'a>,
        found: &mut dyn FnMut(usize, Judgement<'a>),
    ) {
        let Some(root) = schema::TYPES.iter().position(|ty| ty.target == target) else { return };
        let options: Vec<Value<'a>> = options.iter().map(crate::convert::from_json).collect();
        self.each(doc, root, &mut |node, ty| {
            for &index in &self.wanted[ty] {
                let (true, Some(rule)) = (enabled(index), rules.get(index)) else { continue };
                if !labelled(node, &schema::TYPES[ty], &rule.judged.labels) {
                    continue;
                }
                let judgement = rule.judge_with(node, options.get(index).unwrap_or(&Value::Null), relations);
                if judgement.finding.is_some() || judgement.error.is_some() {
                    found(index, judgement);
                }
            }
        });
    }

    /// Calls `visit` once for each node whose type is wanted.
    fn each<'a>(&self, doc: Doc<'a>, root: usize, visit: &mut dyn FnMut(Node<'a>, usize)) {
        let mut seen = vec![0_u64; doc.node_count() as usize / 64 + 1];
        let mut stack = vec![(doc.root(), Shape::Typed(root))];
        while let Some((node, shape)) = stack.pop() {
            let node = node.target();
            let before = stack.len();
            match shape {
                Shape::Typed(ty) => {
                    let (word, bit) = (node.index() as usize / 64, 1 << (node.index() % 64));
                    // Facts refer to what stands elsewhere in the tree: each node is judged once.
                    if node.kind() != Kind::Map || !self.leads[ty] || seen[word] & bit != 0 {
                        continue;
                    }
                    seen[word] |= bit;
                    if !self.wanted[ty].is_empty() {
                        visit(node, ty);
                    }
                    for child in node.children() {
                        let field = schema::TYPES[ty].fields.iter().find(|field| field.symbol == child.key_symbol());
                        if let Some(shape) = field.and_then(|field| self.shape(schema::TYPES[ty].target, &field.ty)) {
                            stack.push((child, shape));
                        }
                    }
                }
                Shape::Items(target, ty) if matches!(node.kind(), Kind::List | Kind::Map) => {
                    if let Some(shape) = self.shape(target, ty) {
                        stack.extend(node.children().map(|child| (child, shape)));
                    }
                }
                Shape::Items(..) => {}
            }
            stack[before..].reverse();
        }
    }

    fn shape(&self, target: &'static str, ty: &'static FieldType) -> Option<Shape> {
        let inner = named(target, ty)?;
        if !self.leads[inner] {
            return None;
        }
        Some(match ty {
            FieldType::List(item) | FieldType::Map(item) => Shape::Items(target, item),
            FieldType::Ref(to) => return self.shape(target, to),
            _ => Shape::Typed(inner),
        })
    }
}

#[derive(Clone, Copy)]
enum Shape {
    Typed(usize),
    Items(&'static str, &'static FieldType),
}

/// The named type inside a field's type.
fn named(target: &str, ty: &FieldType) -> Option<usize> {
    match ty {
        FieldType::Named(name) => schema::TYPES.iter().position(|ty| ty.target == target && ty.name == *name),
        FieldType::List(inner) | FieldType::Map(inner) | FieldType::Ref(inner) => named(target, inner),
        FieldType::Bool | FieldType::Number | FieldType::String | FieldType::Dyn => None,
    }
}

/// Whether a node is one of those that a rule's `for:` names.
fn labelled(node: Node<'_>, ty: &Type, labels: &[String]) -> bool {
    if labels.is_empty() {
        return true;
    }
    let Some(field) = LABEL_FIELDS.iter().find_map(|name| ty.field(name)) else { return false };
    match node.get(field.symbol) {
        Lookup::Present(label) => label.as_str().is_some_and(|label| labels.iter().any(|wanted| wanted == label)),
        Lookup::Absent | Lookup::Unknown(_) => false,
    }
}
