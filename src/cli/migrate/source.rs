//! A peer's settings file: its values, and the lines they stand on.

use anyhow::bail;
use serde_json::Value;

/// A file as read.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) value: Value,
}

impl Source {
    /// Reads YAML, JSON or TOML; `.trivyignore` is lines, and its reader's to understand.
    pub(super) fn parse(path: &str, text: &str) -> anyhow::Result<Self> {
        let value = if path.ends_with(".trivyignore") {
            Value::Null
        } else if path.ends_with(".toml") {
            toml(text).map_err(|error| anyhow::anyhow!("{path}: {error}"))?
        } else {
            match serde_yaml::from_str::<Value>(text) {
                Ok(value @ (Value::Object(_) | Value::Null)) => value,
                // KICS reads TOML under the same name; a line of it is a text in YAML.
                read => match (toml(text), read) {
                    (Ok(value), _) => value,
                    (Err(_), Err(error)) => bail!("{path}: {error}"),
                    (Err(_), Ok(_)) => bail!("{path}: no settings, but a list or a text"),
                },
            }
        };
        Ok(Self { path: path.to_owned(), text: text.to_owned(), value })
    }

    /// The line, from 1, where a word first stands behind `after`'s.
    pub(super) fn line(&self, words: &[&str]) -> usize {
        let mut line = 1;
        let mut lines = self.text.lines().enumerate().peekable();
        for word in words {
            if let Some((at, _)) = lines.by_ref().find(|(_, text)| text.contains(word)) {
                line = at + 1;
            }
        }
        line
    }
}

fn toml(text: &str) -> Result<Value, String> {
    let document: toml_edit::DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    Ok(table(document.as_table()))
}

fn table(table: &dyn toml_edit::TableLike) -> Value {
    table.iter().map(|(key, item)| (key.to_owned(), self::item(item))).collect()
}

fn item(item: &toml_edit::Item) -> Value {
    match item {
        toml_edit::Item::Value(value) => self::value(value),
        toml_edit::Item::Table(inner) => table(inner),
        toml_edit::Item::ArrayOfTables(tables) => tables.iter().map(|inner| table(inner)).collect(),
        toml_edit::Item::None => Value::Null,
    }
}

fn value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => text.value().clone().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(value) => (*value.value()).into(),
        toml_edit::Value::Datetime(date) => date.value().to_string().into(),
        toml_edit::Value::Array(items) => items.iter().map(self::value).collect(),
        toml_edit::Value::InlineTable(inner) => table(inner),
    }
}

/// The texts of a list, or of one text separated by commas.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        Value::String(text) => text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect(),
        _ => vec![],
    }
}
