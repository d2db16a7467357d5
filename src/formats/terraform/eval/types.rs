//! Type constraints of variables, and converting values to them.

use super::scope::{Environment, Scope};
use super::value::{Data, Entry, MappingKind, SequenceKind, Value};
use super::{Fault, Outcome};
use crate::native;
use crate::syntax::{Expr, ExprKind};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A type constraint.
#[derive(Debug, Clone)]
pub(crate) enum Type {
    Any,
    Bool,
    Number,
    String,
    List(Box<Self>),
    Set(Box<Self>),
    Map(Box<Self>),
    Object(Vec<Attribute>),
    Tuple(Vec<Self>),
}

/// An attribute of an object type.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    name: Rc<str>,
    ty: Type,
    /// `optional(…)`, with its default.
    optional: Option<Value>,
}

impl Type {
    /// Reads a `type` argument; `None` where it is not one we know.
    pub(crate) fn read(expr: &Expr) -> Option<Self> {
        match &expr.bare().kind {
            ExprKind::Variable(name) => Self::named(name),
            // Terraform before 0.12 wrote the type in quotes, and the JSON syntax does.
            ExprKind::String(name) => match &**name {
                "list" => Some(Self::List(Box::new(Self::Any))),
                "map" => Some(Self::Map(Box::new(Self::Any))),
                name => Self::named(name).or_else(|| Self::read(&native::expression(name, expr.span)?)),
            },
            ExprKind::Call(call) => {
                let first = call.arguments.first();
                match &*call.name {
                    "list" => Some(Self::List(Box::new(Self::read(first?)?))),
                    "set" => Some(Self::Set(Box::new(Self::read(first?)?))),
                    "map" => Some(Self::Map(Box::new(Self::read(first?)?))),
                    "tuple" => match &first?.kind {
                        ExprKind::Tuple(items) => Some(Self::Tuple(items.iter().map(Self::read).collect::<Option<_>>()?)),
                        _ => None,
                    },
                    "object" => match &first?.kind {
                        ExprKind::Object(entries) => {
                            let attributes = entries.iter().map(|(key, expr)| Attribute::read(key.literal()?, expr));
                            Some(Self::Object(attributes.collect::<Option<_>>()?))
                        }
                        _ => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "any" => Some(Self::Any),
            "bool" => Some(Self::Bool),
            "number" => Some(Self::Number),
            "string" => Some(Self::String),
            "list" => Some(Self::List(Box::new(Self::Any))),
            "map" => Some(Self::Map(Box::new(Self::Any))),
            _ => None,
        }
    }

    /// The value as this type, defaults of optional attributes filled in.
    pub(crate) fn convert(&self, scope: &Scope<'_>, value: &Value) -> Outcome {
        if !scope.spend(1) {
            return Ok(Value::unknown("evaluation limit"));
        }
        if value.is_unknown() || value.is_null() {
            return Ok(value.clone());
        }
        let converted = match self {
            Self::Any => return Ok(value.clone()),
            Self::Bool => return value.to_bool_value(),
            Self::Number => return value.to_number_value(),
            Self::String => return value.to_text_value(),
            Self::List(ty) => Value::sequence(SequenceKind::List, ty.each(scope, value)?),
            Self::Set(ty) => return Ok(set(scope, ty.each(scope, value)?).keeping(value)),
            Self::Map(ty) => {
                let Data::Mapping(mapping) = &value.data else { return Err(mismatch("map", value)) };
                let mut entries = BTreeMap::new();
                for (key, entry) in &mapping.entries {
                    entries.insert(key.clone(), Entry { key: entry.key, value: ty.convert(scope, &entry.value)? });
                }
                Value::mapping(MappingKind::Map, entries, mapping.open)
            }
            Self::Object(attributes) => object(scope, attributes, value)?,
            Self::Tuple(types) => {
                let Data::Sequence(sequence) = &value.data else { return Err(mismatch("tuple", value)) };
                if sequence.items.len() != types.len() {
                    return Err(Fault::new("a tuple of another length is required"));
                }
                let items = types.iter().zip(&sequence.items).map(|(ty, item)| ty.convert(scope, item));
                Value::tuple(items.collect::<Result<_, _>>()?)
            }
        };
        Ok(converted.keeping(value))
    }

    fn each(&self, scope: &Scope<'_>, value: &Value) -> Result<Vec<Value>, Fault> {
        let Data::Sequence(sequence) = &value.data else { return Err(mismatch("list", value)) };
        sequence.items.iter().map(|item| self.convert(scope, item)).collect()
    }
}

impl Attribute {
    fn read(name: &str, expr: &Expr) -> Option<Self> {
        let name = Rc::from(name);
        if let ExprKind::Call(call) = &expr.kind
            && &*call.name == "optional"
        {
            let ty = Type::read(call.arguments.first()?)?;
            let scope = Scope::default();
            let default = call.arguments.get(1).map_or(Value::new(Data::Null), |expr| Environment::new(&scope).value(expr));
            return Some(Self { name, ty, optional: Some(default) });
        }
        Some(Self { name, ty: Type::read(expr)?, optional: None })
    }
}

fn object(scope: &Scope<'_>, attributes: &[Attribute], value: &Value) -> Outcome {
    let Data::Mapping(mapping) = &value.data else { return Err(mismatch("object", value)) };
    let mut entries = BTreeMap::new();
    for attribute in attributes {
        let given = mapping.entries.get(&attribute.name);
        let entry = match (given, &attribute.optional) {
            (Some(entry), Some(default)) if entry.value.is_null() => Entry { key: entry.key, value: attribute.ty.convert(scope, default)? },
            (Some(entry), _) => Entry { key: entry.key, value: attribute.ty.convert(scope, &entry.value)? },
            (None, _) if mapping.open => {
                Entry { key: None, value: Value::unknown(format!("{} may be among what cannot be told", attribute.name)) }
            }
            (None, Some(default)) => Entry { key: None, value: attribute.ty.convert(scope, default)? },
            (None, None) => return Err(Fault::new(format!("attribute {} is required", attribute.name))),
        };
        entries.insert(attribute.name.clone(), entry);
    }
    Ok(Value::mapping(MappingKind::Object, entries, false))
}

fn mismatch(wanted: &str, value: &Value) -> Fault {
    Fault::new(format!("a {wanted} is required, not {}", value.type_name()))
}

impl Value {
    /// Takes over where `other` came from.
    pub(crate) fn keeping(mut self, other: &Self) -> Self {
        self.marks |= other.marks;
        self.at = other.at;
        self.way.clone_from(&other.way);
        self
    }
}

/// A set of these elements: each once, in Terraform's order. Unknown if an element is unknown, as two might be the same.
pub(crate) fn set(scope: &Scope<'_>, items: Vec<Value>) -> Value {
    let primitive = items.iter().all(|item| matches!(item.data, Data::String(_) | Data::Number(_) | Data::Bool(_)));
    if primitive {
        let mut sorted = items;
        sorted.sort_by(|a, b| match (&a.data, &b.data) {
            (Data::String(a), Data::String(b)) => a.cmp(b),
            (Data::Number(a), Data::Number(b)) => a.total_cmp(b),
            (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
            _ => std::cmp::Ordering::Equal,
        });
        sorted.dedup_by(|a, b| match (&a.data, &b.data) {
            (Data::String(a), Data::String(b)) => a == b,
            (Data::Number(a), Data::Number(b)) => a.total_cmp(b).is_eq(),
            (Data::Bool(a), Data::Bool(b)) => a == b,
            _ => false,
        });
        return Value::sequence(SequenceKind::Set, sorted);
    }
    let mut kept: Vec<Value> = vec![];
    for item in items {
        if !scope.spend(kept.len()) {
            return Value::unknown("evaluation limit");
        }
        if !kept.iter().any(|other| super::operators::equal(scope, &item, other) == Some(true)) {
            kept.push(item);
        }
    }
    Value::sequence(SequenceKind::Set, kept)
}
