//! The evaluator.
//!
//! Three-valued as cel-go's partial evaluation: an operation on an unknown operand is unknown, `&&`, `||` and the macros `all` and `exists` are
//! decided by any operand that decides them, whatever the others are; there an unknown wins over an error, everywhere else an error over an unknown. Where cel-go calls a
//! whole list unknown because one item is, the items are looked at one by one here, which decides more and never otherwise.

use crate::code::{At, Binary, Op, Program};
use crate::value::{List, Map, Text, TypeValue, Value};
use crate::{access, arithmetic, compare, fold, function};
use plimsoll_document::Node;
use std::rc::Rc;

/// The ends of a relation of a node.
#[derive(Clone, Debug)]
pub enum Relation<'a> {
    /// These nodes.
    These(Vec<Node<'a>>),
    /// Certainly none.
    None,
    /// It cannot be told from here.
    Unknown,
}

/// Where relations are looked up: the unit that is judged.
pub trait Relations<'a> {
    /// The ends of relation `name` of `from`.
    fn relation(&self, from: Node<'a>, name: &str) -> Relation<'a>;
}

/// No relation can be told.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRelations;

impl<'a> Relations<'a> for NoRelations {
    fn relation(&self, _from: Node<'a>, _name: &str) -> Relation<'a> {
        Relation::Unknown
    }
}

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub struct Scope<'a, 's> {
    /// The variables, in the order they had when it was compiled.
    pub variables: &'s [Value<'a>],
    /// Relations of nodes.
    pub relations: &'s dyn Relations<'a>,
}

impl Program {
    /// What the expression is worth.
    pub fn evaluate<'a>(&'a self, scope: Scope<'a, '_>) -> Value<'a> {
        Evaluator { program: self, scope, locals: vec![] }.eval(self.root)
    }
}

pub(crate) struct Evaluator<'a, 's> {
    program: &'a Program,
    scope: Scope<'a, 's>,
    pub(crate) locals: Vec<Value<'a>>,
}

impl<'a> Evaluator<'a, '_> {
    pub(crate) fn eval(&mut self, at: At) -> Value<'a> {
        let program: &'a Program = self.program;
        match &program.ops[at as usize] {
            Op::Null => Value::Null,
            Op::Bool(value) => Value::Bool(*value),
            Op::Int(value) => Value::Int(*value),
            Op::Double(value) => Value::Double(*value),
            Op::Text(text) => Value::Text(Text::Borrowed(text)),
            Op::Type(name) => Value::Type(TypeValue(*name)),
            Op::Variable(slot) => self.scope.variables.get(*slot as usize).cloned().unwrap_or(Value::Unknown),
            Op::Local(slot) => self.locals.get(*slot as usize).cloned().unwrap_or(Value::Unknown),
            Op::Select(select) => access::select(self.eval(select.of), select),
            Op::Has(select) => access::has(self.eval(select.of), select),
            Op::Relation { of, name } => self.relation(*of, name),
            Op::Index { of, key, lenient } => access::index(self.eval(*of), self.eval(*key), *lenient),
            Op::Not(of) => match self.eval(*of) {
                Value::Bool(value) => Value::Bool(!value),
                other => not_bool(other, "!"),
            },
            Op::Negate(of) => arithmetic::negate(&self.eval(*of)),
            Op::Binary(binary, left, right) => self.binary(*binary, *left, *right),
            Op::And(terms) => self.logic(terms, false, "&&"),
            Op::Or(terms) => self.logic(terms, true, "||"),
            Op::Choose(test, yes, no) => match self.eval(*test) {
                Value::Bool(true) => self.eval(*yes),
                Value::Bool(false) => self.eval(*no),
                other => not_bool(other, "?:"),
            },
            Op::List(items) => self.list(items),
            Op::Map(entries) => self.map(entries),
            Op::Fold(fold) => fold::fold(self, fold),
            Op::Bind { init, body } => {
                let init = self.eval(*init);
                self.locals.push(init);
                let value = self.eval(*body);
                self.locals.pop();
                value
            }
            Op::Call(name, arguments) => self.call(*name, arguments),
            Op::Matches(of, pattern) => match self.eval(*of) {
                Value::Text(text) => Value::Bool(pattern.is_match(text.as_str())),
                other if other.is_no_value() => other,
                other => no_overload("matches", &[&other]),
            },
        }
    }

    // Kept out of `eval`, whose frame bounds how deep a guest's stack can nest.
    #[inline(never)]
    fn binary(&mut self, binary: Binary, left: At, right: At) -> Value<'a> {
        let left = self.eval(left);
        let right = self.eval(right);
        // An operation that needs both fails where one fails, whatever the other turns out to be.
        match (&left, &right) {
            (Value::Error(_), _) | (Value::Unknown, Value::Unknown) => return left,
            (_, Value::Error(_) | Value::Unknown) => return right,
            (Value::Unknown, _) => return left,
            _ => {}
        }
        match binary {
            Binary::Equal => compare::equal(&left, &right, 0).into(),
            Binary::NotEqual => compare::equal(&left, &right, 0).not().into(),
            Binary::Less | Binary::LessEqual | Binary::Greater | Binary::GreaterEqual => compare::order(binary, &left, &right),
            Binary::In => access::contains(&left, &right),
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => {
                arithmetic::binary(binary, &left, &right)
            }
        }
    }

    #[inline(never)]
    fn logic(&mut self, terms: &[At], decides: bool, name: &'static str) -> Value<'a> {
        let mut rest = Rest::default();
        for term in terms {
            match self.eval(*term) {
                Value::Bool(value) if value == decides => return Value::Bool(decides),
                Value::Bool(_) => {}
                other => rest.add(not_bool(other, name)),
            }
        }
        rest.or(Value::Bool(!decides))
    }

    #[inline(never)]
    fn list(&mut self, items: &[At]) -> Value<'a> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match self.eval(*item) {
                Value::Error(failure) => return Value::Error(failure),
                value => values.push(value),
            }
        }
        Value::List(List::made(values))
    }

    #[inline(never)]
    fn map(&mut self, entries: &[(At, At)]) -> Value<'a> {
        let mut values: Vec<(Value<'a>, Value<'a>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let key = self.eval(*key);
            match key {
                Value::Unknown | Value::Error(_) => return key,
                Value::Bool(_) | Value::Int(_) | Value::Text(_) => {}
                Value::Double(number) if number.fract() == 0.0 => {}
                _ => return no_overload("map key", &[&key]),
            }
            let value = self.eval(*value);
            if let Value::Error(failure) = value {
                return Value::Error(failure);
            }
            if values.iter().any(|(other, _)| compare::equal(other, &key, 0) == compare::Tri::True) {
                return Value::error(format!("map key `{}` is written twice", key.display()));
            }
            values.push((key, value));
        }
        Value::Map(Map::Made(Rc::new(values)))
    }

    #[inline(never)]
    fn call(&mut self, name: function::Function, arguments: &[At]) -> Value<'a> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.eval(*argument));
        }
        if let Some(failed) = values.iter().position(|value| matches!(value, Value::Error(_))) {
            return values.swap_remove(failed);
        }
        if values.iter().any(|value| matches!(value, Value::Unknown)) {
            return Value::Unknown;
        }
        function::call(name, &values)
    }

    #[inline(never)]
    fn relation(&mut self, of: At, name: &str) -> Value<'a> {
        match self.eval(of) {
            Value::Map(Map::Node(node)) => match self.scope.relations.relation(node, name) {
                Relation::These(nodes) => Value::List(List::Made(Rc::new(crate::value::MadeList {
                    items: nodes.into_iter().map(crate::value::Item::of).collect(),
                    open: false,
                }))),
                Relation::None => Value::List(List::made(vec![])),
                Relation::Unknown => Value::Unknown,
            },
            Value::Null => Value::List(List::made(vec![])),
            other if other.is_no_value() => other,
            other => no_overload("relations", &[&other]),
        }
    }
}

/// What is left of operands that did not decide: any unknown, else the first error.
#[derive(Default)]
pub(crate) struct Rest<'a> {
    unknown: bool,
    error: Option<Value<'a>>,
}

impl<'a> Rest<'a> {
    pub(crate) fn add(&mut self, value: Value<'a>) {
        match value {
            Value::Unknown => self.unknown = true,
            error => {
                self.error.get_or_insert(error);
            }
        }
    }

    pub(crate) fn or(self, value: Value<'a>) -> Value<'a> {
        if self.unknown { Value::Unknown } else { self.error.unwrap_or(value) }
    }
}

/// The error for an operand of logic that is no bool; unknowns and errors stay what they are.
pub(crate) fn not_bool<'a>(value: Value<'a>, name: &str) -> Value<'a> {
    match value {
        Value::Unknown | Value::Error(_) => value,
        Value::Null => {
            Value::error(format!("`{name}` needs bools and got null (an absent field reads as null: write `== true` or `!= true`)"))
        }
        other => Value::error(format!("`{name}` needs bools and got {}", other.describe())),
    }
}

pub(crate) fn no_overload<'a>(name: &str, values: &[&Value<'a>]) -> Value<'a> {
    let kinds: Vec<_> = values.iter().map(|value| value.describe()).collect();
    let hint = if kinds.contains(&"null") { " (an absent field reads as null: guard with `has(…) &&` or `!= null &&`)" } else { "" };
    Value::error(format!("`{name}` does not take {}{hint}", kinds.join(" and ")))
}
