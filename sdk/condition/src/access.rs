//! Selecting, indexing, `has`, `in` and `size`, where an empty value stands in for null.

use crate::code::Select;
use crate::compare::{self, Tri};
use crate::eval::no_overload;
use crate::value::{Item, List, Map, Value};
use plimsoll_document::{Flags, Lookup, Symbol};

/// What stands under a key of a map.
enum Entry<'a> {
    Present(Item<'a>),
    Absent,
    Unknown,
}

fn entry<'a>(map: &Map<'a>, key: &str, symbol: Symbol) -> Entry<'a> {
    match map {
        Map::Node(node) => match if symbol == Symbol::OTHER { node.get_text(key) } else { node.get(symbol) } {
            Lookup::Present(child) => Entry::Present(Item::of(child)),
            Lookup::Absent => Entry::Absent,
            Lookup::Unknown(_) => Entry::Unknown,
        },
        Map::Made(entries) => {
            let found = entries.iter().find(|(name, _)| matches!(name, Value::Text(text) if text.as_str() == key));
            found.map_or(Entry::Absent, |(_, value)| Entry::Present(Item { value: value.clone(), may_exist: false }))
        }
    }
}

fn read<'a>(map: &Map<'a>, key: &str, symbol: Symbol, lenient: bool) -> Value<'a> {
    match entry(map, key, symbol) {
        Entry::Present(item) if item.may_exist => Value::Unknown,
        Entry::Present(item) => item.value,
        Entry::Unknown => Value::Unknown,
        Entry::Absent => absent(key, lenient),
    }
}

fn absent<'a>(key: &str, lenient: bool) -> Value<'a> {
    if lenient { Value::Null } else { Value::error(format!("no such key `{key}` (guard with `'{key}' in … &&`)")) }
}

#[inline(never)]
pub(crate) fn select<'a>(of: Value<'a>, select: &Select) -> Value<'a> {
    match of {
        Value::Unknown | Value::Error(_) => of,
        Value::Null => absent(&select.key, select.lenient),
        Value::Map(map) => read(&map, &select.key, select.symbol, select.lenient),
        other => Value::error(format!("cannot select `{}` from {}", select.key, other.describe())),
    }
}

#[inline(never)]
pub(crate) fn has<'a>(of: Value<'a>, select: &Select) -> Value<'a> {
    match of {
        Value::Unknown | Value::Error(_) => of,
        Value::Null => Value::Bool(false),
        Value::Map(map) => match entry(&map, &select.key, select.symbol) {
            Entry::Absent => Value::Bool(false),
            Entry::Unknown => Value::Unknown,
            Entry::Present(item) if item.may_exist => Value::Unknown,
            // Where absent reads as null, a written null is as good as absent, and an unknown value may be null.
            Entry::Present(item) if select.lenient => match item.value {
                Value::Unknown => Value::Unknown,
                Value::Null => Value::Bool(false),
                _ => Value::Bool(true),
            },
            Entry::Present(_) => Value::Bool(true),
        },
        other => Value::error(format!("`has` cannot look for `{}` in {}", select.key, other.describe())),
    }
}

#[inline(never)]
pub(crate) fn index<'a>(of: Value<'a>, key: Value<'a>, lenient: bool) -> Value<'a> {
    match (&of, &key) {
        (Value::Error(_), _) | (Value::Unknown, Value::Unknown) => of,
        (_, Value::Error(_) | Value::Unknown) => key,
        (Value::Unknown, _) => of,
        (Value::List(list), _) => item(list, &key),
        (Value::Map(map), Value::Text(text)) => read(map, text.as_str(), Symbol::OTHER, lenient),
        (Value::Map(Map::Made(entries)), _) => {
            let found = entries.iter().find(|(name, _)| compare::equal(name, &key, 0) == Tri::True);
            found.map_or_else(|| absent(&key.display(), false), |(_, value)| value.clone())
        }
        (Value::Map(Map::Node(_)), _) => absent(&key.display(), false),
        (Value::Null, Value::Text(text)) => absent(text.as_str(), lenient),
        (Value::Null, Value::Int(at)) => Value::error(format!("index {at} is out of bounds of an absent list")),
        _ => no_overload("[]", &[&of, &key]),
    }
}

fn item<'a>(list: &List<'a>, key: &Value<'a>) -> Value<'a> {
    let at = match key {
        Value::Int(at) => *at,
        Value::Double(at) if at.fract() == 0.0 && at.abs() < 1e15 => *at as i64,
        _ => return no_overload("[]", &[&Value::List(list.clone()), key]),
    };
    if at >= 0 && !list.is_certain() {
        return Value::Unknown;
    }
    let found = usize::try_from(at).ok().and_then(|at| list.items().nth(at));
    found.map_or_else(|| Value::error(format!("index {at} is out of bounds of a list of {}", list.shown())), |item| item.value)
}

/// `item in list`, `key in map`.
#[inline(never)]
pub(crate) fn contains<'a>(item: &Value<'a>, of: &Value<'a>) -> Value<'a> {
    match of {
        Value::Null => Value::Bool(false),
        Value::List(list) => {
            let mut unknown = list.is_open();
            for other in list.items() {
                match compare::equal(item, &other.value, 0) {
                    Tri::True if !other.may_exist => return Value::Bool(true),
                    Tri::False => {}
                    Tri::True | Tri::Unknown => unknown = true,
                }
            }
            if unknown { Value::Unknown } else { Value::Bool(false) }
        }
        Value::Map(map) => match item {
            Value::Text(key) => match entry(map, key.as_str(), Symbol::OTHER) {
                Entry::Present(item) if item.may_exist => Value::Unknown,
                Entry::Present(_) => Value::Bool(true),
                Entry::Absent => Value::Bool(false),
                Entry::Unknown => Value::Unknown,
            },
            _ => match map {
                Map::Made(entries) => Value::Bool(entries.iter().any(|(key, _)| compare::equal(key, item, 0) == Tri::True)),
                Map::Node(_) => Value::Bool(false),
            },
        },
        other => no_overload("in", &[item, other]),
    }
}

/// `size(value)`.
pub(crate) fn size<'a>(of: &Value<'a>) -> Value<'a> {
    match of {
        Value::Null => Value::Int(0),
        Value::Text(text) => Value::count(text.as_str().chars().count()),
        Value::List(list) if list.is_certain() => Value::count(list.shown()),
        Value::List(_) => Value::Unknown,
        Value::Map(Map::Made(entries)) => Value::count(entries.len()),
        Value::Map(map @ Map::Node(node)) => {
            if map.is_open() || node.children().any(|child| child.flags().has(Flags::MAY_EXIST)) {
                return Value::Unknown;
            }
            let mut keys: Vec<&str> = node.children().map(plimsoll_document::Node::key).collect();
            keys.sort_unstable();
            keys.dedup();
            Value::count(keys.len())
        }
        other => no_overload("size", &[other]),
    }
}
