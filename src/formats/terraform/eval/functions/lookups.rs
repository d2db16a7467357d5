//! Functions that choose among values, and type conversions.

use super::super::expression::index;
use super::super::types::{Type, set};
use super::super::value::{Data, Entry, MappingKind, SequenceKind, Value};
use super::super::{Fault, Outcome};
use super::{Arguments, need};
use std::collections::BTreeMap;

pub(super) fn call(arguments: &Arguments<'_, '_, '_>) -> Option<Outcome> {
    Some(match arguments.name {
        "lookup" => lookup(arguments),
        "element" => element(arguments),
        "coalesce" => coalesce(arguments),
        "coalescelist" => coalesce_list(arguments),
        "one" => one(arguments),
        "tostring" => arguments.get(0).and_then(|value| if value.is_null() { Ok(value.clone()) } else { value.to_text_value() }),
        "tonumber" => arguments.get(0).and_then(|value| if value.is_null() { Ok(value.clone()) } else { value.to_number_value() }),
        "tobool" => arguments.get(0).and_then(|value| if value.is_null() { Ok(value.clone()) } else { value.to_bool_value() }),
        "tolist" => to_sequence(arguments, SequenceKind::List),
        "toset" => to_sequence(arguments, SequenceKind::Set),
        "tomap" => to_map(arguments),
        "sensitive" => arguments.get(0).map(|value| value.clone().sealed()),
        "nonsensitive" => arguments.get(0).map(|value| value.clone().unsealed()),
        "merge" => merge(arguments),
        "zipmap" => zipmap(arguments),
        _ => return None,
    })
}

fn lookup(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let map = arguments.get(0)?;
    let key = need!(arguments, arguments.text(1));
    let Data::Mapping(mapping) = &map.data else {
        return match &map.data {
            Data::Unknown(cause) => arguments.unknown(cause.clone()),
            _ => Err(Fault::new("lookup needs a map")),
        };
    };
    match (mapping.entries.get(&key), arguments.values.get(2)) {
        (Some(entry), _) => Ok(map.part(&entry.value)),
        (None, _) if mapping.open => arguments.unknown("the map may hold more keys".into()),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(Fault::new(format!("there is no key {key}"))),
    }
}

fn element(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let at = super::super::convert::whole(need!(arguments, arguments.number(1)))?;
    let list = arguments.get(0)?;
    let items = need!(arguments, arguments.items(0));
    if items.is_empty() {
        return Err(Fault::new("element needs a list that is not empty"));
    }
    if at < 0 {
        return arguments.unknown("element with a negative index".into());
    }
    index(list, &Value::number((at as usize % items.len()) as f64))
}

/// The first argument that is neither null nor "". An unknown one hides what comes behind it. All become strings if one is.
fn coalesce(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let text = arguments.values.iter().any(|value| matches!(value.data, Data::String(_)));
    for value in &arguments.values {
        match &value.data {
            Data::Unknown(cause) => return arguments.unknown(cause.clone()),
            Data::Null => {}
            Data::String(text) if text.is_empty() => {}
            _ if text => return value.to_text_value(),
            _ => return Ok(value.clone()),
        }
    }
    Err(Fault::new("every argument of coalesce is null or empty"))
}

fn coalesce_list(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    for at in 0..arguments.values.len() {
        if arguments.get(at)?.is_null() {
            continue;
        }
        if !need!(arguments, arguments.items(at)).is_empty() {
            return Ok(arguments.get(at)?.clone());
        }
    }
    Err(Fault::new("every argument of coalescelist is empty"))
}

fn one(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let items = need!(arguments, arguments.items(0));
    match items.as_slice() {
        [] => Ok(Value::new(Data::Null)),
        [only] => Ok(only.clone()),
        _ => Err(Fault::new("one needs a list of at most one element")),
    }
}

/// The primitive type that all known items can have.
pub(super) fn common_type(values: &[Value]) -> Option<Type> {
    let text = values.iter().any(|value| matches!(value.data, Data::String(_)));
    let number = values.iter().any(|value| matches!(value.data, Data::Number(_)));
    let bool = values.iter().any(|value| matches!(value.data, Data::Bool(_)));
    let other = values.iter().any(|value| matches!(value.data, Data::Sequence(_) | Data::Mapping(_)));
    match (text, number, bool, other) {
        (true, _, _, false) => Some(Type::String),
        (false, true, true, false) | (true, _, _, true) | (_, true, _, true) | (_, _, true, true) => None,
        _ => Some(Type::Any),
    }
}

fn to_sequence(arguments: &Arguments<'_, '_, '_>, kind: SequenceKind) -> Outcome {
    let value = arguments.get(0)?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let items = need!(arguments, arguments.items(0));
    let scope = arguments.environment.scope;
    let Some(ty) = common_type(&items) else { return Err(Fault::new("the elements have no common type")) };
    let items = items.iter().map(|item| ty.convert(scope, item)).collect::<Result<Vec<_>, _>>()?;
    let converted = match kind {
        SequenceKind::Set => set(scope, items),
        kind => Value::sequence(kind, items),
    };
    Ok(converted.keeping(value))
}

fn to_map(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let value = arguments.get(0)?;
    match &value.data {
        Data::Unknown(_) | Data::Null => Ok(value.clone()),
        Data::Mapping(mapping) => {
            let values: Vec<Value> = mapping.entries.values().map(|entry| entry.value.clone()).collect();
            let Some(ty) = common_type(&values) else { return Err(Fault::new("the elements have no common type")) };
            let mut entries = BTreeMap::new();
            for (key, entry) in &mapping.entries {
                let value = ty.convert(arguments.environment.scope, &entry.value)?;
                entries.insert(key.clone(), Entry { key: entry.key, value });
            }
            Ok(Value::mapping(MappingKind::Map, entries, mapping.open).keeping(value))
        }
        _ => Err(Fault::new("tomap needs an object")),
    }
}

/// Later arguments win. An unknown argument leaves the rest known but may overwrite what came before it.
fn merge(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut entries: BTreeMap<std::rc::Rc<str>, Entry> = BTreeMap::new();
    let mut open = false;
    let mut all_maps = !arguments.values.is_empty();
    for value in &arguments.values {
        match &value.data {
            Data::Null => {}
            Data::Unknown(cause) => {
                open = true;
                for entry in entries.values_mut() {
                    entry.value = Value::unknown(format!("may be overwritten: {cause}")).inheriting([&entry.value]);
                }
            }
            Data::Mapping(mapping) => {
                all_maps &= mapping.kind == MappingKind::Map;
                if mapping.open {
                    for (key, entry) in &mut entries {
                        if !mapping.entries.contains_key(key) {
                            entry.value = Value::unknown("may be overwritten by what cannot be told").inheriting([&entry.value]);
                        }
                    }
                    open = true;
                }
                for (key, entry) in &mapping.entries {
                    entries.insert(key.clone(), Entry { key: entry.key, value: value.part(&entry.value) });
                }
            }
            _ => return Err(Fault::new(format!("merge needs maps, not {}", value.type_name()))),
        }
    }
    let kind = if all_maps { MappingKind::Map } else { MappingKind::Object };
    Ok(Value::mapping(kind, entries, open).inheriting(arguments.values.iter().filter(|value| value.is_unknown())))
}

fn zipmap(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let keys = need!(arguments, arguments.texts(0));
    if arguments.get(1)?.type_name() == "set" {
        return Err(Fault::new("zipmap needs a list of values"));
    }
    let values = need!(arguments, arguments.items(1));
    if keys.len() != values.len() {
        return Err(Fault::new("zipmap needs as many values as keys"));
    }
    Ok(Value::object(keys.into_iter().zip(values)))
}
