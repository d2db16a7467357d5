//! The one type that both branches of a conditional have.

use super::scope::Scope;
use super::value::{Data, Entry, Mapping, SequenceKind, Value};
use super::{Fault, Outcome};
use std::collections::BTreeMap;

/// The taken branch as the type that both branches have: beside a string, a number or bool becomes one.
pub(crate) fn unify(scope: &Scope<'_>, taken: &Value, other: &Value) -> Outcome {
    if !scope.spend(1) {
        return Ok(Value::unknown("evaluation limit"));
    }
    match (&taken.data, &other.data) {
        (Data::Null | Data::Unknown(_), _)
        | (_, Data::Null | Data::Unknown(_))
        | (Data::Bool(_), Data::Bool(_))
        | (Data::Number(_), Data::Number(_))
        | (Data::String(_), Data::String(_) | Data::Number(_) | Data::Bool(_)) => Ok(taken.clone()),
        (Data::Number(_) | Data::Bool(_), Data::String(_)) => taken.to_text_value(),
        (Data::Sequence(a), Data::Sequence(b)) => {
            if a.kind == SequenceKind::Tuple && b.kind == SequenceKind::Tuple && a.items.len() == b.items.len() {
                let items = a.items.iter().zip(&b.items).map(|(a, b)| unify(scope, a, b)).collect::<Result<Vec<_>, _>>()?;
                return Ok(Value::tuple(items).keeping(taken));
            }
            let all: Vec<&Value> = a.items.iter().chain(&b.items).collect();
            agree(scope, &all)?;
            let items = a.items.iter().map(|item| among(scope, item, &all)).collect::<Result<Vec<_>, _>>()?;
            let kind = if a.kind == SequenceKind::Set { SequenceKind::Set } else { SequenceKind::List };
            Ok(Value::sequence(kind, items).keeping(taken))
        }
        (Data::Mapping(a), Data::Mapping(b)) => mapping(scope, taken, a, b),
        _ => Err(Fault::new("the branches of the conditional have different types")),
    }
}

fn mapping(scope: &Scope<'_>, taken: &Value, a: &Mapping, b: &Mapping) -> Outcome {
    let mut entries = BTreeMap::new();
    if a.entries.keys().eq(b.entries.keys()) {
        for ((key, entry), other) in a.entries.iter().zip(b.entries.values()) {
            entries.insert(key.clone(), Entry { key: entry.key, value: unify(scope, &entry.value, &other.value)? });
        }
    } else {
        let all: Vec<&Value> = a.entries.values().chain(b.entries.values()).map(|entry| &entry.value).collect();
        agree(scope, &all)?;
        for (key, entry) in &a.entries {
            entries.insert(key.clone(), Entry { key: entry.key, value: among(scope, &entry.value, &all)? });
        }
    }
    Ok(Value::mapping(a.kind, entries, a.open).keeping(taken))
}

/// A fault unless all elements can have one type.
fn agree(scope: &Scope<'_>, all: &[&Value]) -> Result<(), Fault> {
    let mut known = all.iter().filter(|value| !value.is_null() && !value.is_unknown());
    if let Some(first) = known.next() {
        let mut common = (*first).clone();
        for other in known {
            if !scope.spend(1) {
                return Ok(());
            }
            common = unify(scope, &common, other)?;
        }
    }
    Ok(())
}

/// An element as the type that all elements have.
fn among(scope: &Scope<'_>, element: &Value, all: &[&Value]) -> Outcome {
    if !scope.spend(all.len()) {
        return Ok(Value::unknown("evaluation limit"));
    }
    let mut value = element.clone();
    for other in all {
        value = unify(scope, &value, other)?;
    }
    Ok(value)
}
