//! Which objects of the module an expression names, directly or through locals.

use crate::syntax::{Expr, ExprKind, ObjectKey, Part, Step};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// Something an expression refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    /// `aws_s3_bucket.logs`, `data.x.y`, `module.net`, `var.region`, `each.value` …
    pub(crate) address: Rc<str>,
    /// Attributes behind it, dotted; empty for the whole object.
    pub(crate) attribute: Rc<str>,
}

/// What an expression refers to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub(crate) targets: Vec<Target>,
    /// The expression is worth exactly the one target.
    pub(crate) plain: bool,
}

/// How many references of one expression are kept.
const LIMIT: usize = 64;

/// Every name in an expression: its root and the steps behind it.
pub(crate) fn names<'e>(expr: &'e Expr, bound: &mut Vec<&'e str>, found: &mut dyn FnMut(&'e str, &'e [Step])) {
    match &expr.kind {
        ExprKind::Null | ExprKind::Broken | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => {}
        ExprKind::Variable(name) => {
            if !bound.contains(&&**name) {
                found(name, &[]);
            }
        }
        ExprKind::Traversal(traversal) => {
            match &traversal.base.kind {
                ExprKind::Variable(name) if !bound.contains(&&**name) => found(name, &traversal.steps),
                _ => names(&traversal.base, bound, found),
            }
            for step in &traversal.steps {
                if let Step::Index(index) = step {
                    names(index, bound, found);
                }
            }
        }
        ExprKind::Tuple(items) => items.iter().for_each(|item| names(item, bound, found)),
        ExprKind::Object(entries) => {
            for (key, value) in entries {
                if let ObjectKey::Expr(key) = key {
                    names(key, bound, found);
                }
                names(value, bound, found);
            }
        }
        ExprKind::Template(parts) => parts_names(parts, bound, found),
        ExprKind::Parenthesis(inner) | ExprKind::Unary(_, inner) => names(inner, bound, found),
        ExprKind::Call(call) => call.arguments.iter().for_each(|argument| names(argument, bound, found)),
        ExprKind::Binary(binary) => {
            names(&binary.left, bound, found);
            names(&binary.right, bound, found);
        }
        ExprKind::Conditional(parts) => parts.iter().for_each(|part| names(part, bound, found)),
        ExprKind::For(expr) => {
            names(&expr.collection, bound, found);
            let before = bound.len();
            bound.extend(expr.key_name.as_deref());
            bound.push(&expr.value_name);
            for part in expr.key.iter().chain([&expr.value]).chain(&expr.condition) {
                names(part, bound, found);
            }
            bound.truncate(before);
        }
    }
}

fn parts_names<'e>(parts: &'e [Part], bound: &mut Vec<&'e str>, found: &mut dyn FnMut(&'e str, &'e [Step])) {
    for part in parts {
        match part {
            Part::Literal(_) => {}
            Part::Interpolation(expr) => names(expr, bound, found),
            Part::If { condition, then, otherwise } => {
                names(condition, bound, found);
                parts_names(then, bound, found);
                parts_names(otherwise, bound, found);
            }
            Part::For { key, value, collection, body } => {
                names(collection, bound, found);
                let before = bound.len();
                bound.extend(key.as_deref());
                bound.push(value);
                parts_names(body, bound, found);
                bound.truncate(before);
            }
        }
    }
}

/// What the locals of a module refer to.
#[derive(Debug, Default)]
pub(crate) struct Locals<'a> {
    expressions: HashMap<&'a str, &'a Expr>,
    found: HashMap<&'a str, Rc<Found>>,
}

impl<'a> Locals<'a> {
    /// Reads the locals; returns them in an order in which each comes after those it names, and the names that are in a ring.
    pub(crate) fn new(expressions: HashMap<&'a str, &'a Expr>) -> (Self, Vec<&'a str>, HashSet<&'a str>) {
        let mut needs: BTreeMap<&'a str, Vec<&'a str>> = BTreeMap::new();
        for (name, expr) in &expressions {
            let mut list = vec![];
            names(expr, &mut vec![], &mut |root, steps| {
                if let ("local", Some(Step::Attribute(name))) = (root, steps.first())
                    && let Some((name, _)) = expressions.get_key_value(&**name)
                {
                    list.push(*name);
                }
            });
            needs.insert(name, list);
        }
        let (order, ring) = sorted(&needs);
        let mut locals = Self { expressions, found: HashMap::new() };
        for name in &order {
            let found = if ring.contains(name) { Found::default() } else { locals.find(locals.expressions[name], &[]) };
            locals.found.insert(name, Rc::new(found));
        }
        (locals, order, ring)
    }

    /// What an expression refers to; `bound` are names that a `dynamic` block binds around it.
    pub(crate) fn find(&self, expr: &Expr, bound: &[&str]) -> Found {
        let plain = self.plain(expr, 0);
        let mut found = Found { plain: plain.is_some(), targets: plain.into_iter().collect() };
        if found.plain {
            return found;
        }
        let mut seen: HashSet<Target> = HashSet::new();
        names(expr, &mut vec![], &mut |root, steps| {
            if bound.contains(&root) || found.targets.len() >= LIMIT {
                return;
            }
            if let ("local", Some(Step::Attribute(name))) = (root, steps.first())
                && let Some(inner) = self.found.get(&**name)
            {
                let room = LIMIT - found.targets.len();
                let fresh = inner.targets.iter().filter(|target| seen.insert((*target).clone())).take(room);
                found.targets.extend(fresh.cloned().collect::<Vec<_>>());
                return;
            }
            if let Some(target) = target(root, steps)
                && seen.insert(target.clone())
            {
                found.targets.push(target);
            }
        });
        found
    }

    /// The one target that an expression is, with nothing around it.
    fn plain(&self, expr: &Expr, hops: u32) -> Option<Target> {
        if hops > 16 {
            return None;
        }
        match &expr.unwrapped().kind {
            ExprKind::Traversal(traversal) => {
                let ExprKind::Variable(root) = &traversal.base.kind else { return None };
                if &**root != "local" {
                    return target(root, &traversal.steps);
                }
                let Some(Step::Attribute(name)) = traversal.steps.first() else { return None };
                let mut inner = self.expressions.get(&**name)?.unwrapped();
                let mut steps = &traversal.steps[1..];
                while let (Some(Step::Attribute(name)), ExprKind::Object(entries)) = (steps.first(), &inner.kind) {
                    inner = entries.iter().rev().find(|(key, _)| key.literal() == Some(name))?.1.unwrapped();
                    steps = &steps[1..];
                }
                let mut found = self.plain(inner, hops + 1)?;
                let rest = attributes(steps);
                if !rest.is_empty() {
                    found.attribute = if found.attribute.is_empty() { rest.into() } else { format!("{}.{rest}", found.attribute).into() };
                }
                Some(found)
            }
            _ => None,
        }
    }
}

fn attributes(steps: &[Step]) -> String {
    let mut out = String::new();
    for step in steps {
        if let Step::Attribute(name) = step {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(name);
        }
    }
    out
}

/// The object that a name with steps behind it leads to.
fn target(root: &str, steps: &[Step]) -> Option<Target> {
    let attribute = |at: usize| match steps.get(at) {
        Some(Step::Attribute(name)) => Some(&**name),
        _ => None,
    };
    let (address, used) = match root {
        "data" | "ephemeral" => (format!("{root}.{}.{}", attribute(0)?, attribute(1)?), 2),
        _ => (format!("{root}.{}", attribute(0)?), 1),
    };
    Some(Target { address: address.into(), attribute: attributes(&steps[used..]).into() })
}

/// Names in an order in which each comes after those it needs, and those that need themselves in the end.
fn sorted<'a>(needs: &BTreeMap<&'a str, Vec<&'a str>>) -> (Vec<&'a str>, HashSet<&'a str>) {
    let mut open: HashMap<&str, usize> = needs.iter().map(|(name, list)| (*name, list.len())).collect();
    let mut users: HashMap<&str, Vec<&'a str>> = HashMap::new();
    for (name, list) in needs {
        for needed in list {
            users.entry(needed).or_default().push(name);
        }
    }
    let mut order: Vec<&'a str> = needs.iter().filter(|(_, list)| list.is_empty()).map(|(name, _)| *name).collect();
    let mut at = 0;
    while at < order.len() {
        for user in users.get(order[at]).into_iter().flatten() {
            if let Some(left) = open.get_mut(user) {
                *left -= 1;
                if *left == 0 {
                    order.push(user);
                }
            }
        }
        at += 1;
    }
    let done: HashSet<&str> = order.iter().copied().collect();
    let ring: HashSet<&'a str> = needs.keys().copied().filter(|name| !done.contains(name)).collect();
    order.extend(needs.keys().copied().filter(|name| ring.contains(name)));
    (order, ring)
}
