//! Merging new values.

use serde_json::{Map, Value};

/// Puts `value` at `path` inside `into`, creating maps on the way. False if another value stands there already.
pub(crate) fn put(into: &mut Map<String, Value>, path: &[String], value: &Value) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    if rest.is_empty() {
        return match into.get_mut(first) {
            None => {
                into.insert(first.clone(), value.clone());
                true
            }
            Some(there) => merge(there, value),
        };
    }
    match into.entry(first.clone()).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(map) => put(map, rest, value),
        _ => false,
    }
}

/// Adds an item to the list at `path` inside `into`, creating it. False if something else stands there.
pub(crate) fn push(into: &mut Map<String, Value>, path: &[String], value: &Value) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    if rest.is_empty() {
        return match into.entry(first.clone()).or_insert_with(|| Value::Array(vec![])) {
            Value::Array(list) => {
                if !list.contains(value) {
                    list.push(value.clone());
                }
                true
            }
            _ => false,
        };
    }
    match into.entry(first.clone()).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(map) => push(map, rest, value),
        _ => false,
    }
}

/// Merges two values that fixes want at one place: maps key by key, anything else must be equal.
fn merge(there: &mut Value, new: &Value) -> bool {
    match (there, new) {
        (Value::Object(there), Value::Object(new)) => new.iter().all(|(key, value)| put(there, std::slice::from_ref(key), value)),
        (there, new) => there == new,
    }
}
