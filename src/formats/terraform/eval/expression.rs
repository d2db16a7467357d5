//! Evaluating expressions.

use super::convert::{Known, text_value};
use super::operators;
use super::scope::{Binding, Environment};
use super::value::{Data, Entry, MappingKind, Marks, SequenceKind, Value};
use super::{Fault, Outcome, functions};
use crate::syntax::{Binary, BinaryExpr, Expr, ExprKind, ForExpr, ObjectKey, Part, Step, Traversal};
use plimsoll_document::Span;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Deeper than any expression the parser lets through.
const DEPTH_LIMIT: u32 = 300;

impl Environment<'_, '_> {
    /// What an expression is worth; a definite mistake in it is an unknown with the mistake as cause.
    pub(crate) fn value(&self, expr: &Expr) -> Value {
        self.eval(expr).unwrap_or_else(|fault| Value::unknown(fault.0))
    }

    /// What an expression is worth, or what is definitely wrong with it.
    pub(crate) fn eval(&self, expr: &Expr) -> Outcome {
        if self.depth >= DEPTH_LIMIT || !self.scope.spend(1) {
            return Ok(Value::unknown("evaluation limit"));
        }
        let inner = self.deeper();
        match &expr.kind {
            ExprKind::Null => Ok(Value::new(Data::Null).at(expr.span)),
            ExprKind::Broken => Ok(Value::unknown("the expression could not be read")),
            ExprKind::Bool(value) => Ok(Value::bool(*value).at(expr.span)),
            ExprKind::Number(number) if number.is_nan() => Ok(Value::unknown("number is too large").at(expr.span)),
            ExprKind::Number(number) => Ok(Value::number(*number).at(expr.span)),
            ExprKind::String(text) => Ok(Value::string(&**text).at(expr.span)),
            ExprKind::Tuple(items) => inner.tuple(items, expr.span),
            ExprKind::Object(entries) => inner.object(entries, expr.span),
            ExprKind::Template(parts) => inner.template(parts),
            ExprKind::Parenthesis(expr) => inner.eval(expr),
            ExprKind::Variable(name) => Ok(inner.root(name, &[]).0),
            ExprKind::Traversal(traversal) => inner.traversal(traversal, expr.span),
            ExprKind::Call(call) => functions::call(&inner, call, expr.span),
            ExprKind::Unary(operator, operand) => operators::unary(*operator, &inner.eval(operand)?),
            ExprKind::Binary(binary) => inner.binary(binary),
            ExprKind::Conditional(parts) => inner.conditional(parts),
            ExprKind::For(expr) => inner.for_expression(expr),
        }
    }

    fn tuple(&self, items: &[Expr], span: Span) -> Outcome {
        let items = items.iter().map(|item| self.eval(item)).collect::<Result<Vec<_>, _>>()?;
        let literal = items.iter().all(|item| item.at.is_some_and(|at| span.contains(at)));
        let value = Value::tuple(items);
        Ok(if literal { value.at(span) } else { value })
    }

    fn object(&self, entries: &[(ObjectKey, Expr)], span: Span) -> Outcome {
        let mut map = BTreeMap::new();
        let mut literal = true;
        let mut open = false;
        let mut marks = Marks::default();
        for (key, expr) in entries {
            let value = self.eval(expr)?;
            let Some((text, key_marks)) = self.object_key(key)? else {
                open = true;
                continue;
            };
            marks |= key_marks;
            literal &= value.at.is_some_and(|at| span.contains(at));
            map.insert(text, Entry { key: Some(key.span()), value });
        }
        let value = Value::mapping(MappingKind::Object, map, open).marked(marks);
        Ok(if literal && !open { value.at(span) } else { value })
    }

    /// A key's text; `None` if it cannot be told.
    pub(crate) fn object_key(&self, key: &ObjectKey) -> Result<Option<(Rc<str>, Marks)>, Fault> {
        match key {
            ObjectKey::Name(text, _) => Ok(Some((Rc::from(&**text), Marks::default()))),
            ObjectKey::Expr(expr) => {
                let value = self.eval(expr)?;
                match value.as_text()? {
                    Known::Yes(text) => Ok(Some((text, value.all_marks()))),
                    Known::No(_) => Ok(None),
                }
            }
        }
    }

    fn binary(&self, binary: &BinaryExpr) -> Outcome {
        let left = self.eval(&binary.left)?;
        // The deciding side of `&&` and `||` hides mistakes on the other, but not that it is no bool.
        if matches!(binary.operator, Binary::And | Binary::Or)
            && let Known::Yes(known) = left.as_bool()?
            && known == (binary.operator == Binary::Or)
        {
            if let Ok(right) = self.eval(&binary.right)
                && !right.is_null()
            {
                right.as_bool()?;
            }
            return Ok(Value::bool(known).inheriting([&left]));
        }
        let right = self.eval(&binary.right)?;
        operators::binary(self.scope, binary.operator, &left, &right)
    }

    fn conditional(&self, [condition, yes, no]: &[Expr; 3]) -> Outcome {
        let condition = self.eval(condition)?;
        let taken = match condition.as_bool()? {
            Known::Yes(taken) => taken,
            Known::No(cause) => return Ok(Value::unknown(cause).inheriting([&condition])),
        };
        let value = self.eval(if taken { yes } else { no })?;
        let value = match self.eval(if taken { no } else { yes }) {
            Ok(other) => super::unify::unify(self.scope, &value, &other)?,
            Err(_) => value,
        };
        Ok(value.inheriting([&condition]))
    }

    /// What a name is worth, and how many of the steps behind it belong to it.
    fn root(&self, name: &str, steps: &[Step]) -> (Value, usize) {
        let attribute = |at: usize| match steps.get(at) {
            Some(Step::Attribute(name)) => Some(&**name),
            _ => None,
        };
        let (value, used) = match self.bound(name) {
            Some(value) => (value.clone(), 0),
            None => self.global(name, attribute(0), attribute(1)),
        };
        self.scope.meet(&value);
        (value, used.min(steps.len()))
    }

    fn traversal(&self, traversal: &Traversal, span: Span) -> Outcome {
        let (value, used) = match &traversal.base.kind {
            ExprKind::Variable(name) => self.root(name, &traversal.steps),
            _ => (self.eval(&traversal.base)?, 0),
        };
        let value = self.steps(value, &traversal.steps[used..])?;
        Ok(value.through(span))
    }

    fn steps(&self, mut value: Value, steps: &[Step]) -> Outcome {
        for (at, step) in steps.iter().enumerate() {
            value = match step {
                Step::Attribute(name) => attribute(&value, name)?,
                Step::Index(expr) => index(&value, &self.eval(expr)?)?,
                Step::Position(position) => index(&value, &Value::number(*position as f64))?,
                Step::Splat => return self.splat(&value, &steps[at + 1..]),
                Step::AttributeSplat => {
                    let inside = steps[at + 1..].iter().take_while(|step| matches!(step, Step::Attribute(_) | Step::Position(_))).count();
                    let value = self.splat(&value, &steps[at + 1..at + 1 + inside])?;
                    return self.steps(value, &steps[at + 1 + inside..]);
                }
            };
        }
        Ok(value)
    }

    fn splat(&self, value: &Value, steps: &[Step]) -> Outcome {
        let (kind, items) = match &value.data {
            Data::Unknown(_) => return Ok(value.clone()),
            Data::Null => (SequenceKind::Tuple, vec![]),
            Data::Sequence(sequence) => {
                if !self.scope.spend(sequence.items.len()) {
                    return Ok(Value::unknown("evaluation limit"));
                }
                let items = sequence.items.iter().map(|item| self.steps(value.part(item), steps)).collect::<Result<_, _>>()?;
                (if sequence.kind == SequenceKind::Set { SequenceKind::List } else { sequence.kind }, items)
            }
            _ => (SequenceKind::Tuple, vec![self.steps(value.clone(), steps)?]),
        };
        Ok(Value::sequence(kind, items).marked(value.marks))
    }

    /// Text of a template; a lone interpolation is what it holds.
    fn template(&self, parts: &[Part]) -> Outcome {
        if let [Part::Interpolation(expr)] = parts {
            return self.eval(expr);
        }
        let mut text = String::new();
        let mut operands = vec![];
        self.render(parts, &mut text, &mut operands)?;
        let unknown = operands.iter().find_map(|operand: &Value| match &operand.data {
            Data::Unknown(cause) => Some(cause.clone()),
            _ => None,
        });
        let value = unknown.map_or_else(|| self.scope.afford(text_value(text)), Value::unknown);
        Ok(value.inheriting(&operands))
    }

    fn render(&self, parts: &[Part], text: &mut String, operands: &mut Vec<Value>) -> Result<(), Fault> {
        for part in parts {
            if text.len() > super::value::STRING_LIMIT {
                return Ok(());
            }
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Interpolation(expr) => {
                    let value = self.eval(expr)?;
                    match value.as_text()? {
                        Known::Yes(known) => {
                            text.push_str(&known);
                            // Only what a variable or unknown gave is worth remembering.
                            if value.way.is_some() || value.marks != Marks::default() {
                                operands.push(value);
                            }
                        }
                        Known::No(cause) => operands.push(Value::unknown(cause).inheriting([&value])),
                    }
                }
                Part::If { condition, then, otherwise } => {
                    let condition = self.eval(condition)?;
                    match condition.as_bool()? {
                        Known::Yes(taken) => {
                            operands.push(condition);
                            self.deeper().render(if taken { then } else { otherwise }, text, operands)?;
                        }
                        Known::No(cause) => operands.push(Value::unknown(cause).inheriting([&condition])),
                    }
                }
                Part::For { key, value, collection, body } => {
                    let collection = self.eval(collection)?;
                    match elements(&collection)? {
                        Ok(elements) => {
                            for (element_key, element) in elements {
                                if !self.scope.spend(1) {
                                    return Err(Fault::new("evaluation limit"));
                                }
                                let value = self.bind(value, element);
                                let inner = self.with(&value);
                                let key = inner.bind(key.as_deref().unwrap_or(""), element_key);
                                inner.with(&key).deeper().render(body, text, operands)?;
                            }
                        }
                        Err(cause) => operands.push(Value::unknown(cause).inheriting([&collection])),
                    }
                }
            }
        }
        Ok(())
    }

    fn for_expression(&self, expr: &ForExpr) -> Outcome {
        let collection = self.eval(&expr.collection)?;
        let elements = match elements(&collection)? {
            Ok(elements) => elements,
            Err(cause) => return Ok(Value::unknown(cause).inheriting([&collection])),
        };
        let open = matches!(&collection.data, Data::Mapping(mapping) if mapping.open);
        let mut items = vec![];
        let mut entries: BTreeMap<Rc<str>, Entry> = BTreeMap::new();
        let mut groups: BTreeMap<Rc<str>, Vec<Value>> = BTreeMap::new();
        for (element_key, element) in elements {
            if !self.scope.spend(1) {
                return Ok(Value::unknown("evaluation limit"));
            }
            let value: Binding<'_> = self.bind(&expr.value_name, element);
            let inner = self.with(&value);
            let key = inner.bind(expr.key_name.as_deref().unwrap_or(""), element_key);
            let inner = inner.with(&key);
            if let Some(condition) = &expr.condition {
                let condition = inner.eval(condition)?;
                match condition.as_bool()? {
                    Known::Yes(true) => {}
                    Known::Yes(false) => continue,
                    Known::No(cause) => return Ok(Value::unknown(cause).inheriting([&condition, &collection])),
                }
            }
            let result = inner.eval(&expr.value)?;
            let Some(key_expr) = &expr.key else {
                items.push(result);
                continue;
            };
            let key = inner.eval(key_expr)?;
            let text = match key.as_text()? {
                Known::Yes(text) => text,
                Known::No(cause) => return Ok(Value::unknown(cause).inheriting([&key, &collection])),
            };
            if expr.grouping {
                groups.entry(text).or_default().push(result);
            } else if entries.insert(text, Entry { key: None, value: result }).is_some() {
                return Err(Fault::new("two elements of a for expression have the same key"));
            }
        }
        if open && expr.key.is_none() {
            return Ok(Value::unknown("the collection may hold more elements").inheriting([&collection]));
        }
        for (key, values) in groups {
            entries.insert(key, Entry { key: None, value: Value::tuple(values) });
        }
        let value = if expr.key.is_some() { Value::mapping(MappingKind::Object, entries, open) } else { Value::tuple(items) };
        Ok(value.marked(collection.marks))
    }
}

/// Keys and values of a collection.
pub(crate) type Elements = Vec<(Value, Value)>;

/// Keys and values of a collection in Terraform's order, or why they cannot be told.
pub(crate) fn elements(collection: &Value) -> Result<Result<Elements, Rc<str>>, Fault> {
    Ok(match &collection.data {
        Data::Unknown(cause) => Err(cause.clone()),
        Data::Sequence(sequence) if sequence.kind == SequenceKind::Set => {
            if !sequence.summary.whole {
                return Ok(Err("the set has unknown elements".into()));
            }
            Ok(sequence.items.iter().map(|item| (collection.part(item), collection.part(item))).collect())
        }
        Data::Sequence(sequence) => {
            let items = sequence.items.iter().enumerate();
            Ok(items.map(|(at, item)| (Value::number(at as f64), collection.part(item))).collect())
        }
        Data::Mapping(mapping) => Ok(mapping
            .entries
            .iter()
            .map(|(key, entry)| (Value::string(key.clone()).marked(collection.marks), collection.part(&entry.value)))
            .collect()),
        _ => return Err(Fault::new(format!("a collection is required, not {}", collection.type_name()))),
    })
}

/// `value.name`.
pub(crate) fn attribute(value: &Value, name: &str) -> Outcome {
    match &value.data {
        Data::Unknown(_) => Ok(value.clone()),
        Data::Mapping(mapping) => match mapping.entries.get(name) {
            Some(entry) => Ok(value.part(&entry.value)),
            None if mapping.open => Ok(Value::unknown(format!("{name} may be among what cannot be told")).inheriting([value])),
            None => Err(Fault::new(format!("there is no attribute {name}"))),
        },
        _ => Err(Fault::new(format!("{} has no attribute {name}", value.type_name()))),
    }
}

/// `value[key]`.
pub(crate) fn index(value: &Value, key: &Value) -> Outcome {
    let outcome = match &value.data {
        Data::Unknown(_) => return Ok(value.clone()),
        Data::Sequence(sequence) if sequence.kind != SequenceKind::Set => match key.as_number()? {
            Known::No(cause) => Value::unknown(cause),
            Known::Yes(number) => {
                let at = super::convert::whole(number)?;
                let item = usize::try_from(at).ok().and_then(|at| sequence.items.get(at));
                value.part(item.ok_or_else(|| Fault::new(format!("there is no element {number}")))?)
            }
        },
        Data::Mapping(_) => match key.as_text()? {
            Known::No(cause) => Value::unknown(cause),
            Known::Yes(text) => attribute(value, &text)?,
        },
        _ => return Err(Fault::new(format!("{} cannot be indexed", value.type_name()))),
    };
    Ok(outcome.inheriting([key]))
}
