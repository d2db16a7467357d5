//! The settings of an example.

use super::Example;
use serde_json::{Map, Value};

/// The options that an example's `plimsoll.toml` sets, as the JSON that plugins are configured with: `{"docker/user-root": {"allow": […]}}`.
/// Everything but `[rules."<id>"]` tables is left to whoever reads the whole file. An error is a lowercase fragment.
pub fn settings(example: &Example) -> Result<String, String> {
    let Some(text) = &example.settings else { return Ok(String::new()) };
    let file: toml_edit::DocumentMut = text.parse().map_err(|error| format!("plimsoll.toml: {error}"))?;
    let rules = file.get("rules").and_then(toml_edit::Item::as_table_like);
    let tables = rules.into_iter().flat_map(|rules| rules.iter()).filter(|(_, value)| value.is_table_like());
    Ok(Value::Object(tables.map(|(id, table)| (id.to_owned(), item(table))).collect()).to_string())
}

fn item(item: &toml_edit::Item) -> Value {
    match item.as_table_like() {
        Some(table) => Value::Object(table.iter().map(|(key, value)| (key.to_owned(), self::item(value))).collect::<Map<_, _>>()),
        None => item.as_value().map_or(Value::Null, value),
    }
}

fn value(from: &toml_edit::Value) -> Value {
    match from {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(flag) => (*flag.value()).into(),
        toml_edit::Value::Datetime(date) => date.value().to_string().into(),
        toml_edit::Value::Array(items) => items.iter().map(value).collect(),
        toml_edit::Value::InlineTable(table) => Value::Object(table.iter().map(|(key, inner)| (key.to_owned(), value(inner))).collect()),
    }
}
