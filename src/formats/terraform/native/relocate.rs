//! Spans of expressions that were read from a decoded string.

use crate::syntax::{Expr, ExprKind, ObjectKey, Part, Step};
use plimsoll_document::Span;

/// Gives every node the same span, for expressions whose own positions are inside a decoded string.
pub(super) fn relocate(expr: &mut Expr, site: Span) {
    expr.span = site;
    match &mut expr.kind {
        ExprKind::Null | ExprKind::Broken | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Variable(_) => {}
        ExprKind::Tuple(items) => items.iter_mut().for_each(|item| relocate(item, site)),
        ExprKind::Object(entries) => {
            for (key, value) in entries {
                match key {
                    ObjectKey::Name(_, span) => *span = site,
                    ObjectKey::Expr(expr) => relocate(expr, site),
                }
                relocate(value, site);
            }
        }
        ExprKind::Template(parts) => relocate_parts(parts, site),
        ExprKind::Parenthesis(inner) | ExprKind::Unary(_, inner) => relocate(inner, site),
        ExprKind::Call(call) => call.arguments.iter_mut().for_each(|argument| relocate(argument, site)),
        ExprKind::Traversal(traversal) => {
            relocate(&mut traversal.base, site);
            for step in &mut traversal.steps {
                if let Step::Index(index) = step {
                    relocate(index, site);
                }
            }
        }
        ExprKind::Binary(binary) => {
            relocate(&mut binary.left, site);
            relocate(&mut binary.right, site);
        }
        ExprKind::Conditional(parts) => parts.iter_mut().for_each(|part| relocate(part, site)),
        ExprKind::For(expr) => {
            relocate(&mut expr.collection, site);
            relocate(&mut expr.value, site);
            expr.key.iter_mut().chain(&mut expr.condition).for_each(|part| relocate(part, site));
        }
    }
}

fn relocate_parts(parts: &mut [Part], site: Span) {
    for part in parts {
        match part {
            Part::Literal(_) => {}
            Part::Interpolation(expr) => relocate(expr, site),
            Part::If { condition, then, otherwise } => {
                relocate(condition, site);
                relocate_parts(then, site);
                relocate_parts(otherwise, site);
            }
            Part::For { collection, body, .. } => {
                relocate(collection, site);
                relocate_parts(body, site);
            }
        }
    }
}
