//! Equality and order.

use crate::code::Binary;
use crate::eval::no_overload;
use crate::value::{Item, List, Map, Value};
use core::cmp::Ordering;
use std::collections::HashMap;

/// Depth beyond which two values are not compared further: deeper than any parser of ours goes.
const MAX_DEPTH: u32 = 256;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tri {
    True,
    False,
    Unknown,
}

impl Tri {
    pub(crate) const fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Both: false if either is.
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<Tri> for Value<'_> {
    fn from(tri: Tri) -> Self {
        match tri {
            Tri::True => Self::Bool(true),
            Tri::False => Self::Bool(false),
            Tri::Unknown => Self::Unknown,
        }
    }
}

/// CEL's equality: values of different types are not equal, numbers compare by value whatever their type.
pub(crate) fn equal<'a>(left: &Value<'a>, right: &Value<'a>, depth: u32) -> Tri {
    if depth > MAX_DEPTH {
        return Tri::Unknown;
    }
    match (left, right) {
        (Value::Unknown | Value::Error(_), _) | (_, Value::Unknown | Value::Error(_)) => Tri::Unknown,
        (Value::Null, Value::Null) => Tri::True,
        (Value::Bool(left), Value::Bool(right)) => (left == right).into(),
        (Value::Int(left), Value::Int(right)) => (left == right).into(),
        (Value::Int(_) | Value::Double(_), Value::Int(_) | Value::Double(_)) => (numbers(left, right) == Some(Ordering::Equal)).into(),
        (Value::Text(left), Value::Text(right)) => (left.as_str() == right.as_str()).into(),
        (Value::Type(left), Value::Type(right)) => (left == right).into(),
        (Value::Quantity(left), Value::Quantity(right)) => (left == right).into(),
        (Value::List(left), Value::List(right)) => lists(left, right, depth),
        (Value::Map(left), Value::Map(right)) => maps(left, right, depth),
        _ => Tri::False,
    }
}

fn lists<'a>(left: &List<'a>, right: &List<'a>, depth: u32) -> Tri {
    if !left.is_certain() || !right.is_certain() {
        // More certain items on one side than the other can ever hold are a difference; anything else may still be made up for.
        let certain = |list: &List<'a>| list.items().filter(|item| !item.may_exist).count();
        let differ = (!left.is_open() && certain(right) > left.shown()) || (!right.is_open() && certain(left) > right.shown());
        return if differ { Tri::False } else { Tri::Unknown };
    }
    if left.shown() != right.shown() {
        return Tri::False;
    }
    let mut all = Tri::True;
    for (left, right) in left.items().zip(right.items()) {
        all = all.and(equal(&left.value, &right.value, depth + 1));
        if all == Tri::False {
            break;
        }
    }
    all
}

fn maps<'a>(left: &Map<'a>, right: &Map<'a>, depth: u32) -> Tri {
    let (lefts, rights) = (left.entries(), right.entries());
    let by_key: HashMap<String, &Item<'a>> = rights.iter().map(|(key, item)| (key_text(key), item)).collect();
    let mut all = Tri::True;
    let mut shared = 0;
    for (key, item) in &lefts {
        let both = match by_key.get(&key_text(key)) {
            Some(other) => {
                shared += 1;
                match equal(&item.value, &other.value, depth + 1) {
                    same if !item.may_exist && !other.may_exist => same,
                    // Equal values that may be absent on either side may also differ in being there.
                    _ => Tri::Unknown,
                }
            }
            None => alone(item, right),
        };
        all = all.and(both);
        if all == Tri::False {
            return Tri::False;
        }
    }
    if shared < rights.len() {
        let names: std::collections::HashSet<String> = lefts.iter().map(|(key, _)| key_text(key)).collect();
        for (_, item) in rights.iter().filter(|(key, _)| !names.contains(&key_text(key))) {
            all = all.and(alone(item, left));
        }
    }
    // What an open map does not show may be a key that the other side lacks.
    if left.is_open() || right.is_open() { all.and(Tri::Unknown) } else { all }
}

/// Whether maps can be equal where one shows an entry that the other does not.
fn alone(item: &Item<'_>, other: &Map<'_>) -> Tri {
    if item.may_exist || other.is_open() { Tri::Unknown } else { Tri::False }
}

/// One text per key, so that keys of all types can be hashed: `1` and `1.0` are the same key, `"1"` is another.
fn key_text(key: &Value<'_>) -> String {
    match key {
        Value::Text(text) => format!("s{}", text.as_str()),
        Value::Int(number) => format!("n{number}"),
        Value::Double(number) => format!("n{number}"),
        other => format!("o{}", other.display()),
    }
}

/// Order of two numbers of any type: between an int and a double that of their doubles, as CEL has it.
#[expect(clippy::cast_precision_loss, reason = "CEL compares an int beyond 2^53 by the double next to it")]
fn numbers(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
        (Value::Int(left), Value::Double(right)) => (*left as f64).partial_cmp(right),
        (Value::Double(left), Value::Int(right)) => left.partial_cmp(&(*right as f64)),
        _ => None,
    }
}

/// `<`, `<=`, `>`, `>=`.
pub(crate) fn order<'a>(binary: Binary, left: &Value<'a>, right: &Value<'a>) -> Value<'a> {
    let order = match (left, right) {
        (Value::Int(_) | Value::Double(_), Value::Int(_) | Value::Double(_)) => match numbers(left, right) {
            Some(order) => order,
            None => return Value::Bool(false),
        },
        (Value::Text(left), Value::Text(right)) => left.as_str().cmp(right.as_str()),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ => return no_overload(binary.text(), &[left, right]),
    };
    Value::Bool(match binary {
        Binary::Less => order.is_lt(),
        Binary::LessEqual => order.is_le(),
        Binary::Greater => order.is_gt(),
        _ => order.is_ge(),
    })
}
