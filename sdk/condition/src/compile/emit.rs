//! A syntax tree to operations, checking types on the way.

use super::functions;
use super::parse::{Parsed, Wrong};
use super::types::{Named, Ty, hint};
use crate::code::{At, Binary, Fold, FoldKind, MAX_DEPTH, MAX_LOCALS, Op, Select, TypeName};
use crate::function::Function;
use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};
use plimsoll_document::{Symbol, schema};
use std::sync::Arc as Rc;

/// What names mean in an expression.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Variables in order, as [`crate::Scope::variables`] will hold their values.
    pub variables: Vec<(String, Ty)>,
    /// Relations that may be followed from typed nodes.
    pub relations: Vec<String>,
}

pub(super) struct Emitter<'e> {
    parsed: &'e Parsed<'e>,
    environment: &'e Environment,
    locals: Vec<(String, Ty)>,
    pub(super) ops: Vec<Op>,
}

type Emitted = Result<(At, Ty), Wrong>;

impl<'e> Emitter<'e> {
    pub(super) fn new(parsed: &'e Parsed<'e>, environment: &'e Environment) -> Self {
        Self { parsed, environment, locals: vec![], ops: vec![] }
    }

    fn wrong(&self, at: &IdedExpr, message: impl Into<String>) -> Wrong {
        Wrong::new(self.parsed.offset(at.id), message)
    }

    fn push(&mut self, op: Op, ty: Ty) -> (At, Ty) {
        self.ops.push(op);
        (self.ops.len() as At - 1, ty)
    }

    pub(super) fn expression(&mut self, expr: &IdedExpr, depth: u32) -> Emitted {
        if depth > MAX_DEPTH {
            return Err(self.wrong(expr, "the expression is nested too deeply"));
        }
        let depth = depth + 1;
        match &expr.expr {
            Expr::Literal(literal) => self.literal(expr, literal),
            Expr::Ident(name) => self.name(expr, name),
            Expr::Select(select) => self.select(expr, select, depth),
            Expr::Call(call) => self.call(expr, call, depth),
            Expr::List(list) => {
                let mut ty: Option<Ty> = None;
                let mut items = vec![];
                for item in &list.elements {
                    let (at, item_ty) = self.expression(item, depth)?;
                    items.push(at);
                    ty = Some(ty.map_or(item_ty.clone(), |ty| ty.join(item_ty)));
                }
                Ok(self.push(Op::List(items.into()), Ty::List(Rc::new(ty.unwrap_or(Ty::Any)))))
            }
            Expr::Map(map) => {
                let mut ty: Option<Ty> = None;
                let mut by_text = true;
                let mut entries = vec![];
                for entry in &map.entries {
                    let EntryExpr::MapEntry(entry) = &entry.expr else { return Err(self.wrong(expr, "messages do not exist here")) };
                    let (key, key_ty) = self.expression(&entry.key, depth)?;
                    by_text &= key_ty.is_free() || matches!(key_ty, Ty::Text);
                    let (value, value_ty) = self.expression(&entry.value, depth)?;
                    entries.push((key, value));
                    ty = Some(ty.map_or(value_ty.clone(), |ty| ty.join(value_ty)));
                }
                // A map's type says nothing of its keys, for in documents they are text: any other map is not typed.
                let ty = if by_text { Ty::Map(Rc::new(ty.unwrap_or(Ty::Any))) } else { Ty::Any };
                Ok(self.push(Op::Map(entries.into()), ty))
            }
            Expr::Struct(_) => Err(self.wrong(expr, "messages do not exist here")),
            Expr::Comprehension(_) | Expr::Unspecified => Err(self.wrong(expr, "not a CEL expression")),
        }
    }

    fn literal(&mut self, expr: &IdedExpr, literal: &LiteralValue) -> Emitted {
        Ok(match literal {
            LiteralValue::Boolean(value) => self.push(Op::Bool(*value.inner()), Ty::Bool),
            LiteralValue::Int(value) => self.push(Op::Int(*value.inner()), Ty::Int),
            LiteralValue::Double(value) => self.push(Op::Double(*value.inner()), Ty::Double),
            LiteralValue::String(value) => self.push(Op::Text(value.inner().into()), Ty::Text),
            LiteralValue::Null => self.push(Op::Null, Ty::Null),
            LiteralValue::UInt(_) => return Err(self.wrong(expr, "documents hold no uint, so conditions have none: leave out the `u`")),
            LiteralValue::Bytes(_) => return Err(self.wrong(expr, "documents hold no bytes, so conditions have none: leave out the `b`")),
        })
    }

    fn name(&mut self, expr: &IdedExpr, name: &str) -> Emitted {
        if let Some(slot) = self.locals.iter().rposition(|(local, _)| local == name) {
            let ty = self.locals[slot].1.clone();
            return Ok(self.push(Op::Local(slot as u32), ty));
        }
        if let Some(slot) = self.environment.variables.iter().position(|(variable, _)| variable == name) {
            let ty = self.environment.variables[slot].1.clone();
            return Ok(self.push(Op::Variable(slot as u32), ty));
        }
        let ty = [
            TypeName::Null,
            TypeName::Bool,
            TypeName::Int,
            TypeName::Double,
            TypeName::String,
            TypeName::List,
            TypeName::Map,
            TypeName::Type,
        ];
        if let Some(ty) = ty.into_iter().find(|ty| ty.text() == name) {
            return Ok(self.push(Op::Type(ty), Ty::Type));
        }
        let known = self.locals.iter().chain(&self.environment.variables).map(|(name, _)| name.as_str());
        let names: Vec<String> = self.environment.variables.iter().map(|(name, _)| format!("`{name}`")).collect();
        let hint = match (hint(name, known), self.field_of_self(name)) {
            (_, true) => format!(": write `self.{name}`"),
            (hint, _) if hint.is_empty() && !names.is_empty() => format!(" (there are {})", names.join(" and ")),
            (hint, _) => hint,
        };
        Err(self.wrong(expr, format!("there is no variable `{name}`{hint}")))
    }

    fn field_of_self(&self, name: &str) -> bool {
        matches!(self.environment.variables.first(), Some((_, Ty::Named(Named(ty)))) if ty.field(name).is_some())
    }

    /// The type of a field, or why there is none.
    fn field(&self, at: &IdedExpr, of: &Ty, field: &str) -> Result<Ty, Wrong> {
        match of {
            Ty::Dyn => Ok(Ty::Dyn),
            Ty::Any | Ty::Null => Ok(Ty::Any),
            Ty::Map(value) => Ok((**value).clone()),
            Ty::Named(Named(ty)) => ty.field(field).map(|found| Ty::of_field(ty.target, &found.ty)).ok_or_else(|| {
                let hint = hint(field, ty.fields.iter().map(|field| field.name));
                self.wrong(at, format!("`{}` has no field `{field}`{hint}", ty.name))
            }),
            Ty::Options(options) => options.iter().find(|(name, _)| name == field).map(|(_, ty)| ty.clone()).ok_or_else(|| {
                let hint = hint(field, options.iter().map(|(name, _)| name.as_str()));
                self.wrong(at, format!("the rule declares no option `{field}`{hint}"))
            }),
            Ty::List(_) => Err(self.wrong(at, format!("cannot select `{field}` from a list (use `exists`, `all`, `map` or an index)"))),
            other => Err(self.wrong(at, format!("cannot select `{field}` from {}", other.name()))),
        }
    }

    fn select(&mut self, expr: &IdedExpr, select: &SelectExpr, depth: u32) -> Emitted {
        if let Expr::Select(inner) = &select.operand.expr
            && inner.field == "relations"
        {
            let (of, ty) = self.expression(&inner.operand, depth)?;
            if matches!(ty, Ty::Named(Named(ty)) if ty.field("relations").is_none()) {
                if !self.environment.relations.contains(&select.field) {
                    let hint = hint(&select.field, self.environment.relations.iter().map(String::as_str));
                    return Err(
                        self.wrong(expr, format!("the rule does not declare relation `{0}`: add it to `relations:`{hint}", select.field))
                    );
                }
                return Ok(self.push(Op::Relation { of, name: select.field.as_str().into() }, Ty::List(Rc::new(Ty::Dyn))));
            }
            let relations = self.field(&select.operand, &ty, "relations")?;
            let (of, _) = self.push(Op::Select(step(of, "relations", &ty)), relations.clone());
            let ty = self.field(expr, &relations, &select.field)?;
            return Ok(self.push(Op::Select(step(of, &select.field, &relations)), ty));
        }
        let (of, ty) = self.expression(&select.operand, depth)?;
        let field = self.field(expr, &ty, &select.field)?;
        Ok(self.push(Op::Select(step(of, &select.field, &ty)), field))
    }

    fn call(&mut self, expr: &IdedExpr, call: &CallExpr, depth: u32) -> Emitted {
        let name = call.func_name.as_str();
        match (name, &call.target, call.args.as_slice()) {
            (operators::LOGICAL_AND, None, _) => self.logic(call, false, depth),
            (operators::LOGICAL_OR, None, _) => self.logic(call, true, depth),
            (operators::LOGICAL_NOT, None, [of]) => {
                let of = self.bool(of, "!", depth)?;
                Ok(self.push(Op::Not(of), Ty::Bool))
            }
            (operators::NEGATE, None, [of]) => {
                let (at, ty) = self.expression(of, depth)?;
                if !ty.is_number() && !ty.is_free() {
                    return Err(self.wrong(of, format!("`-` takes a number, not {}", ty.name())));
                }
                Ok(self.push(Op::Negate(at), ty))
            }
            (operators::CONDITIONAL, None, [test, yes, no]) => {
                let test = self.bool(test, "?:", depth)?;
                let (yes, yes_ty) = self.expression(yes, depth)?;
                let (no, no_ty) = self.expression(no, depth)?;
                Ok(self.push(Op::Choose(test, yes, no), yes_ty.join(no_ty)))
            }
            (operators::INDEX, None, [of, key]) => self.index(expr, of, key, depth),
            ("has", None, args) => self.has(expr, args, depth),
            ("bind", Some(target), [variable, init, body]) if matches!(&target.expr, Expr::Ident(name) if name == "cel") => {
                let (init, ty) = self.expression(init, depth)?;
                let variable = self.variable(variable)?;
                self.enter(expr, vec![(variable, ty)])?;
                let (body, ty) = self.expression(body, depth)?;
                self.locals.pop();
                Ok(self.push(Op::Bind { init, body }, ty))
            }
            ("all" | "exists" | "exists_one" | "existsOne" | "map" | "filter", Some(range), args) => {
                self.fold(expr, name, range, args, depth)
            }
            (_, None, [left, right]) if operator(name).is_some() => {
                let binary = operator(name).unwrap_or(Binary::Equal);
                self.binary(expr, binary, left, right, depth)
            }
            _ => self.function(expr, call, depth),
        }
    }

    fn bool(&mut self, expr: &IdedExpr, name: &str, depth: u32) -> Result<At, Wrong> {
        let (at, ty) = self.expression(expr, depth)?;
        if matches!(ty, Ty::Bool) || ty.is_free() {
            return Ok(at);
        }
        let remedy = if matches!(ty, Ty::Null) { "" } else { " (compare it with something)" };
        Err(self.wrong(expr, format!("`{name}` takes bools, not {}{remedy}", ty.name())))
    }

    fn logic(&mut self, call: &CallExpr, or: bool, depth: u32) -> Emitted {
        let mut terms = vec![];
        let mut open: Vec<&IdedExpr> = call.args.iter().rev().collect();
        // `a && b && c` is one operation over three terms: the order of evaluation cannot be told apart, and the tree stays flat.
        while let Some(term) = open.pop() {
            match &term.expr {
                Expr::Call(inner) if inner.func_name == call.func_name && inner.target.is_none() => open.extend(inner.args.iter().rev()),
                _ => terms.push(self.bool(term, if or { "||" } else { "&&" }, depth)?),
            }
        }
        let terms = terms.into_boxed_slice();
        Ok(self.push(if or { Op::Or(terms) } else { Op::And(terms) }, Ty::Bool))
    }

    fn index(&mut self, expr: &IdedExpr, of: &IdedExpr, key: &IdedExpr, depth: u32) -> Emitted {
        let (of_at, of_ty) = self.expression(of, depth)?;
        let (key_at, key_ty) = self.expression(key, depth)?;
        let lenient = is_lenient(&of_ty);
        let ty = match (&of_ty, &key_ty, &key.expr) {
            (Ty::Named(_) | Ty::Options(_), _, Expr::Literal(LiteralValue::String(field))) => self.field(key, &of_ty, field.inner())?,
            (Ty::Named(_) | Ty::Options(_), Ty::Text | Ty::Dyn | Ty::Any, _) | (Ty::Dyn, _, _) => Ty::Dyn,
            (Ty::Any | Ty::Null, _, _) => Ty::Any,
            (Ty::List(item), Ty::Int | Ty::Double | Ty::Number | Ty::Dyn | Ty::Any, _) => (**item).clone(),
            (Ty::Map(value), _, _) => (**value).clone(),
            _ => return Err(self.wrong(expr, format!("cannot index {} with {}", of_ty.name(), key_ty.name()))),
        };
        Ok(self.push(Op::Index { of: of_at, key: key_at, lenient }, ty))
    }

    fn has(&mut self, expr: &IdedExpr, args: &[IdedExpr], depth: u32) -> Emitted {
        let [IdedExpr { expr: Expr::Select(select), .. }] = args else {
            return Err(self.wrong(expr, "`has` takes one selection: `has(self.field)`"));
        };
        let (of, ty) = self.expression(&select.operand, depth)?;
        self.field(&args[0], &ty, &select.field)?;
        Ok(self.push(Op::Has(step(of, &select.field, &ty)), Ty::Bool))
    }

    fn variable(&self, expr: &IdedExpr) -> Result<String, Wrong> {
        match &expr.expr {
            Expr::Ident(name) if !name.starts_with('.') => Ok(name.clone()),
            _ => Err(self.wrong(expr, "a macro's variable is a plain name")),
        }
    }

    fn enter(&mut self, expr: &IdedExpr, variables: Vec<(String, Ty)>) -> Result<(), Wrong> {
        self.locals.extend(variables);
        if self.locals.len() > MAX_LOCALS as usize {
            return Err(self.wrong(expr, "too many macros inside one another"));
        }
        Ok(())
    }

    fn fold(&mut self, expr: &IdedExpr, name: &str, range: &IdedExpr, args: &[IdedExpr], depth: u32) -> Emitted {
        let kind = match name {
            "all" => FoldKind::All,
            "exists" => FoldKind::Exists,
            "map" => FoldKind::Map,
            "filter" => FoldKind::Filter,
            _ => FoldKind::ExistsOne,
        };
        let (variables, filter, body) = match (kind, args) {
            (_, [item, body]) => (vec![item], None, body),
            (FoldKind::Map, [item, filter, body]) => (vec![item], Some(filter), body),
            (FoldKind::All | FoldKind::Exists | FoldKind::ExistsOne, [key, item, body]) => (vec![key, item], None, body),
            _ => return Err(self.wrong(expr, format!("`{name}` takes a variable and an expression: `list.{name}(x, …)`"))),
        };
        let (range_at, range_ty) = self.expression(range, depth)?;
        let (key_ty, item_ty) = match &range_ty {
            Ty::List(item) => (Ty::Int, (**item).clone()),
            Ty::Map(value) => (Ty::Text, (**value).clone()),
            Ty::Named(_) | Ty::Options(_) => (Ty::Text, Ty::Dyn),
            Ty::Dyn => (Ty::Dyn, Ty::Dyn),
            Ty::Any | Ty::Null => (Ty::Any, Ty::Any),
            other => return Err(self.wrong(range, format!("`{name}` takes a list or a map, not {}", other.name()))),
        };
        let names = variables.iter().map(|variable| self.variable(variable)).collect::<Result<Vec<_>, _>>()?;
        let pairs = names.len() == 2;
        let tys = match (&range_ty, pairs) {
            (_, true) => vec![key_ty, item_ty],
            // With one variable a map is walked by its keys.
            (Ty::Map(_) | Ty::Named(_) | Ty::Options(_), false) => vec![Ty::Text],
            (_, false) => vec![item_ty.clone()],
        };
        let outside = self.locals.len();
        self.enter(expr, names.into_iter().zip(tys.clone()).collect())?;
        let filter = match filter {
            Some(filter) => Some(self.bool(filter, name, depth)?),
            None => None,
        };
        let (body, ty) = if kind == FoldKind::Map {
            let (body, ty) = self.expression(body, depth)?;
            (body, Ty::List(Rc::new(ty)))
        } else {
            let item = tys.first().cloned().unwrap_or(Ty::Any);
            (self.bool(body, name, depth)?, if kind == FoldKind::Filter { Ty::List(Rc::new(item)) } else { Ty::Bool })
        };
        self.locals.truncate(outside);
        Ok(self.push(Op::Fold(Box::new(Fold { kind, pairs, range: range_at, filter, body })), ty))
    }

    fn binary(&mut self, expr: &IdedExpr, binary: Binary, left: &IdedExpr, right: &IdedExpr, depth: u32) -> Emitted {
        let (left_at, left_ty) = self.expression(left, depth)?;
        let (right_at, right_ty) = self.expression(right, depth)?;
        match check_binary(binary, &left_ty, &right_ty) {
            Ok(ty) => Ok(self.push(Op::Binary(binary, left_at, right_at), ty)),
            Err(message) => Err(self.wrong(expr, message)),
        }
    }

    fn function(&mut self, expr: &IdedExpr, call: &CallExpr, depth: u32) -> Emitted {
        let function = functions::find(&call.func_name, call.target.is_some()).map_err(|message| self.wrong(expr, message))?;
        let arguments: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        let mut ats = vec![];
        let mut tys = vec![];
        for argument in &arguments {
            let (at, ty) = self.expression(argument, depth)?;
            ats.push(at);
            tys.push(ty);
        }
        let ty = functions::check(function, &tys)
            .map_err(|(which, message)| self.wrong(arguments.get(which).copied().unwrap_or(expr), message))?;
        if let (Function::Matches, [_, pattern]) = (function, arguments.as_slice())
            && let Expr::Literal(LiteralValue::String(text)) = &pattern.expr
        {
            let regex = crate::pattern::new(text.inner()).map_err(|error| self.wrong(pattern, format!("not a pattern: {error}")))?;
            return Ok(self.push(Op::Matches(ats[0], Box::new(regex)), ty));
        }
        Ok(self.push(Op::Call(function, ats.into()), ty))
    }
}

/// Whether an absent entry of such a value reads as null.
const fn is_lenient(ty: &Ty) -> bool {
    matches!(ty, Ty::Dyn | Ty::Named(_) | Ty::Options(_))
}

fn step(of: At, key: &str, ty: &Ty) -> Select {
    let symbol = schema::KEYS.iter().position(|known| *known == key).map_or(Symbol::OTHER, |at| Symbol(at as u32 + 1));
    Select { of, key: key.into(), symbol, lenient: is_lenient(ty) }
}

fn operator(name: &str) -> Option<Binary> {
    Some(match name {
        operators::EQUALS => Binary::Equal,
        operators::NOT_EQUALS => Binary::NotEqual,
        operators::LESS => Binary::Less,
        operators::LESS_EQUALS => Binary::LessEqual,
        operators::GREATER => Binary::Greater,
        operators::GREATER_EQUALS => Binary::GreaterEqual,
        operators::IN => Binary::In,
        operators::ADD => Binary::Add,
        operators::SUBSTRACT => Binary::Subtract,
        operators::MULTIPLY => Binary::Multiply,
        operators::DIVIDE => Binary::Divide,
        operators::MODULO => Binary::Remainder,
        _ => return None,
    })
}

fn check_binary(binary: Binary, left: &Ty, right: &Ty) -> Result<Ty, String> {
    let name = binary.text();
    let mismatch = || format!("`{name}` does not take {} and {}", left.name(), right.name());
    let free = |ty: &Ty| ty.is_free() || matches!(ty, Ty::Null);
    let both = |good: &dyn Fn(&Ty) -> bool| (free(left) || good(left)) && (free(right) || good(right));
    match binary {
        Binary::Equal | Binary::NotEqual if left.meets(right) => Ok(Ty::Bool),
        Binary::Equal | Binary::NotEqual => Err(format!("{} and {} are never equal", left.name(), right.name())),
        Binary::Less | Binary::LessEqual | Binary::Greater | Binary::GreaterEqual => {
            let text = |ty: &Ty| matches!(ty, Ty::Text);
            let bool = |ty: &Ty| matches!(ty, Ty::Bool);
            if both(&Ty::is_number) || both(&text) || both(&bool) {
                return Ok(Ty::Bool);
            }
            let remedy = if matches!(left, Ty::Quantity) { " (use `isGreaterThan`, `isLessThan` or `compareTo`)" } else { "" };
            Err(format!("{}{remedy}", mismatch()))
        }
        Binary::In => match right {
            Ty::List(item) if item.meets(left) => Ok(Ty::Bool),
            Ty::Map(_) | Ty::Named(_) | Ty::Options(_) if free(left) || matches!(left, Ty::Text) => Ok(Ty::Bool),
            right if free(right) => Ok(Ty::Bool),
            Ty::Map(_) => Ok(Ty::Bool),
            Ty::Text => Err("`in` looks into lists and maps; for text write `text.contains(part)`".to_owned()),
            Ty::List(item) => Err(format!("{} is never in a list of {}", left.name(), item.name())),
            _ => Err(mismatch()),
        },
        Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => {
            if matches!(left, Ty::Number) || matches!(right, Ty::Number) {
                let what = "a number of a document is an int or a double as it is written: say which with `int(…)` or `double(…)`";
                return if both(&Ty::is_number) { Err(what.to_owned()) } else { Err(mismatch()) };
            }
            let text = |ty: &Ty| matches!(ty, Ty::Text);
            let list = |ty: &Ty| matches!(ty, Ty::List(_));
            match (left, right) {
                (Ty::Int, Ty::Double) | (Ty::Double, Ty::Int) => Err(format!("{} (convert one of them)", mismatch())),
                _ if both(&Ty::is_number) => Ok(unfree(if free(left) { right.clone() } else { left.clone() })),
                _ if binary == Binary::Add && both(&text) => Ok(Ty::Text),
                (Ty::List(left), Ty::List(right)) if binary == Binary::Add => {
                    Ok(Ty::List(Rc::new((**left).clone().join((**right).clone()))))
                }
                _ if binary == Binary::Add && both(&list) => Ok(Ty::Any),
                _ => Err(mismatch()),
            }
        }
    }
}

/// Arithmetic on what is free is free, and no longer of the document.
fn unfree(ty: Ty) -> Ty {
    if matches!(ty, Ty::Dyn | Ty::Null) { Ty::Any } else { ty }
}
