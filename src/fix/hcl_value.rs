//! New values as HCL text. Strings follow Terraform's JSON syntax: `"${aws_s3_bucket.logs.id}"` is an expression.

use serde_json::{Map, Value};

/// An expression; `indent` is where the line it starts on is indented.
pub(crate) fn expression(value: &Value, indent: &str, newline: &str) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Array(list) => format!("[{}]", list.iter().map(|item| expression(item, indent, newline)).collect::<Vec<_>>().join(", ")),
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let inner = format!("{indent}  ");
            let width = map.keys().map(|key| attribute_name(key).len()).max().unwrap_or(0);
            let mut out = "{".to_owned();
            for (key, value) in map {
                out.push_str(&format!("{newline}{inner}{:width$} = {}", attribute_name(key), expression(value, &inner, newline)));
            }
            out.push_str(&format!("{newline}{indent}}}"));
            out
        }
        other => other.to_string(),
    }
}

fn string(text: &str) -> String {
    if let Some(inner) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))
        && !inner.contains("${")
        && !inner.contains('}')
    {
        return inner.trim().to_owned();
    }
    Value::String(text.to_owned()).to_string()
}

/// Whether an argument or block can have this name; a key of an object may have any other in quotes.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn attribute_name(key: &str) -> String {
    if is_identifier(key) { key.to_owned() } else { Value::String(key.to_owned()).to_string() }
}

/// A block `{type, labels, body}`, or `None` if the value is not of that shape.
pub(crate) fn block(value: &Value, indent: &str, newline: &str) -> Option<String> {
    let map = value.as_object()?;
    let kind = map.get("type")?.as_str()?;
    let body = map.get("body")?.as_object()?;
    if !is_identifier(kind) || !body.keys().all(|name| is_identifier(name)) {
        return None;
    }
    let mut out = kind.to_owned();
    for label in map.get("labels").and_then(Value::as_array).into_iter().flatten() {
        out.push_str(&format!(" {}", Value::String(label.as_str()?.to_owned())));
    }
    out.push_str(" {");
    let inner = format!("{indent}  ");
    out.push_str(&entries(body, &inner, newline, 0));
    if !body.is_empty() {
        out.push_str(newline);
        out.push_str(indent);
    }
    out.push('}');
    Some(out)
}

/// The lines of a body, each with the line break before it. A list of `{type, labels, body}` is a list of blocks.
pub(crate) fn entries(body: &Map<String, Value>, indent: &str, newline: &str, least: usize) -> String {
    let mut out = String::new();
    let is_blocks = |value: &Value| {
        value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(|item| block(item, indent, newline).is_some()))
    };
    let width = body.iter().filter(|(_, value)| !is_blocks(value)).map(|(key, _)| attribute_name(key).len()).max().unwrap_or(0).max(least);
    for (key, value) in body {
        if is_blocks(value) {
            for item in value.as_array().into_iter().flatten() {
                out.push_str(&format!("{newline}{indent}{}", block(item, indent, newline).unwrap_or_default()));
            }
        } else {
            out.push_str(&format!("{newline}{indent}{:width$} = {}", attribute_name(key), expression(value, indent, newline)));
        }
    }
    out
}

/// Puts blocks `{type, labels, body}` inside `value` into JSON syntax: the body below its labels.
pub(crate) fn block_as_json(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(block_as_json),
        Value::Object(map) => {
            let is_block = map.get("type").is_some_and(Value::is_string)
                && map.get("body").is_some_and(Value::is_object)
                && map.keys().all(|key| matches!(key.as_str(), "type" | "labels" | "body"));
            if is_block {
                let labels: Vec<String> = map
                    .get("labels")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect();
                let body = map.remove("body").unwrap_or_default();
                *value = labels.into_iter().rev().fold(body, |body, label| Value::Object([(label, body)].into_iter().collect()));
                block_as_json(value);
            } else {
                map.values_mut().for_each(block_as_json);
            }
        }
        _ => {}
    }
}
