//! Values to other types, to and from JSON.

use crate::code::TypeName;
use crate::eval::no_overload;
use crate::json::Json;
use crate::value::{List, Map, Text, TypeValue, Value};
use std::rc::Rc;

/// Depth beyond which a value is not written as JSON.
const MAX_DEPTH: u32 = 256;

pub(crate) fn type_of<'a>(of: &Value<'a>) -> Value<'a> {
    Value::Type(TypeValue(match of {
        Value::Null => TypeName::Null,
        Value::Bool(_) => TypeName::Bool,
        Value::Int(_) => TypeName::Int,
        Value::Double(_) => TypeName::Double,
        Value::Text(_) => TypeName::String,
        Value::List(_) => TypeName::List,
        Value::Map(_) => TypeName::Map,
        Value::Type(_) => TypeName::Type,
        Value::Quantity(_) => TypeName::Quantity,
        Value::Unknown | Value::Error(_) => return of.clone(),
    }))
}

pub(crate) fn to_int<'a>(of: &Value<'a>) -> Value<'a> {
    match of {
        Value::Int(number) => Value::Int(*number),
        // The bounds are exclusive in cel-go, for they are not exact in a double.
        Value::Double(number) if number.is_finite() && *number > -9_223_372_036_854_775_808.0 && *number < 9_223_372_036_854_775_808.0 => {
            Value::Int(number.trunc() as i64)
        }
        Value::Double(_) => Value::error("int overflow"),
        Value::Text(text) => text.as_str().parse().map_or_else(|_| Value::error("the text is not an int"), Value::Int),
        other => no_overload("int", &[other]),
    }
}

#[expect(clippy::cast_precision_loss, reason = "what double() means")]
pub(crate) fn to_double<'a>(of: &Value<'a>) -> Value<'a> {
    match of {
        Value::Int(number) => Value::Double(*number as f64),
        Value::Double(number) => Value::Double(*number),
        Value::Text(text) => text.as_str().parse().map_or_else(|_| Value::error("the text is not a double"), Value::Double),
        other => no_overload("double", &[other]),
    }
}

pub(crate) fn to_bool<'a>(of: &Value<'a>) -> Value<'a> {
    match of {
        Value::Bool(value) => Value::Bool(*value),
        Value::Text(text) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Value::Bool(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Value::Bool(false),
            _ => Value::error("the text is not a bool"),
        },
        other => no_overload("bool", &[other]),
    }
}

pub(crate) fn to_string<'a>(of: &Value<'a>) -> Value<'a> {
    match of {
        Value::Text(_) => of.clone(),
        Value::Bool(value) => Value::Text(Text::Borrowed(if *value { "true" } else { "false" })),
        Value::Int(number) => Value::text(number.to_string()),
        Value::Double(number) => Value::text(double_text(*number)),
        Value::Type(name) => Value::Text(Text::Borrowed(name.name())),
        other => no_overload("string", &[other]),
    }
}

/// As Go's `%g` with the shortest digits: an exponent below 1e-4 and from 1e21.
fn double_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    let magnitude = number.abs();
    if magnitude == 0.0 || (1e-4..1e21).contains(&magnitude) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// The value as JSON; `None` where part of it cannot be told.
pub fn to_json(value: &Value<'_>) -> Option<Json> {
    json(value, 0)
}

#[expect(clippy::cast_precision_loss, reason = "JSON numbers are doubles everywhere")]
fn json(value: &Value<'_>, depth: u32) -> Option<Json> {
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(number) => Json::Number(*number as f64),
        Value::Double(number) => Json::Number(*number),
        Value::Text(text) => Json::String(text.as_str().to_owned()),
        Value::Type(name) => Json::String(name.name().to_owned()),
        Value::Quantity(quantity) => Json::String(crate::quantity::display(*quantity)),
        Value::List(list) if list.is_certain() => Json::List(list.items().map(|item| json(&item.value, depth + 1)).collect::<Option<_>>()?),
        Value::Map(map) if !map.is_open() => {
            let entries = map
                .entries()
                .into_iter()
                .map(|(key, item)| if item.may_exist { None } else { Some((key.display().into_owned(), json(&item.value, depth + 1)?)) });
            Json::Map(entries.collect::<Option<_>>()?)
        }
        Value::List(_) | Value::Map(_) | Value::Unknown | Value::Error(_) => return None,
    })
}

/// The value of JSON, for options.
pub fn from_json(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::number(*number),
        Json::String(text) => Value::Text(Text::Borrowed(text)),
        Json::List(items) => Value::List(List::made(items.iter().map(from_json).collect())),
        Json::Map(entries) => {
            let mut made: Vec<(Value<'_>, Value<'_>)> = Vec::with_capacity(entries.len());
            let mut seen = std::collections::HashSet::new();
            for (key, value) in entries.iter().rev().filter(|(key, _)| seen.insert(key.as_str())) {
                made.push((Value::Text(Text::Borrowed(key)), from_json(value)));
            }
            made.reverse();
            Value::Map(Map::Made(Rc::new(made)))
        }
    }
}
