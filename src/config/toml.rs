//! TOML with the place of every key and value.

use crate::{Origin, Problem};
use plimsoll_finding::Lines;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml_edit::{Item, TableLike, Value};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) value: Toml,
}

/// TOML's values; dates are their text.
#[derive(Debug, Clone)]
pub(crate) enum Toml {
    String(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Date(String),
    Array(Vec<Node>),
    Table(Vec<(Key, Node)>),
}

/// A key and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

impl Toml {
    /// What a message calls the value's type.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Bool(_) => "a boolean",
            Self::Date(_) => "a date",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// The same value as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Self::String(text) | Self::Date(text) => text.clone().into(),
            Self::Integer(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Bool(value) => (*value).into(),
            Self::Array(items) => items.iter().map(|item| item.value.json()).collect(),
            Self::Table(entries) => entries.iter().map(|(key, node)| (key.text.clone(), node.value.json())).collect(),
        }
    }
}

struct Converter<'a> {
    path: &'a Arc<Path>,
    text: &'a str,
    lines: Lines,
}

/// Parses a configuration file. The parser itself bounds nesting.
pub(crate) fn parse(path: &Arc<Path>, text: &str) -> Result<Node, Problem> {
    let text_without_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
    let converter = Converter { path, text: text_without_mark, lines: Lines::new(text_without_mark) };
    match toml_edit::Document::parse(text_without_mark) {
        Ok(document) => Ok(Node { origin: converter.origin(Some(0..0)), value: converter.table(document.as_table()) }),
        Err(error) => {
            Err(Problem::error(&converter.origin(error.span()), format!("not valid TOML: {}", error.message().replace('\n', "; "))))
        }
    }
}

impl Converter<'_> {
    fn origin(&self, span: Option<Range<usize>>) -> Origin {
        let span = span.unwrap_or(0..0);
        let start = self.lines.position(self.text, span.start as u32);
        Origin::File { path: self.path.clone(), start: start.offset, end: span.end as u32, line: start.line, column: start.column }
    }

    fn table(&self, table: &dyn TableLike) -> Toml {
        let entries = table.iter().filter_map(|(name, item)| {
            let key_origin = self.origin(table.key(name).and_then(toml_edit::Key::span));
            let node = self.item(item, &key_origin)?;
            Some((Key { text: name.to_owned(), origin: key_origin }, node))
        });
        Toml::Table(entries.collect())
    }

    fn item(&self, item: &Item, key: &Origin) -> Option<Node> {
        let value = match item {
            Item::None => return None,
            Item::Value(value) => return Some(self.value(value)),
            Item::Table(table) => self.table(table),
            Item::ArrayOfTables(tables) => {
                Toml::Array(tables.iter().map(|table| Node { origin: self.origin(table.span()), value: self.table(table) }).collect())
            }
        };
        // A table that only dotted keys or sub-tables imply has no place of its own.
        let origin = item.span().map_or_else(|| key.clone(), |span| self.origin(Some(span)));
        Some(Node { origin, value })
    }

    fn value(&self, value: &Value) -> Node {
        let converted = match value {
            Value::String(text) => Toml::String(text.value().clone()),
            Value::Integer(number) => Toml::Integer(*number.value()),
            Value::Float(number) => Toml::Float(*number.value()),
            Value::Boolean(value) => Toml::Bool(*value.value()),
            Value::Datetime(date) => Toml::Date(date.value().to_string()),
            Value::Array(items) => Toml::Array(items.iter().map(|item| self.value(item)).collect()),
            Value::InlineTable(table) => self.table(table),
        };
        Node { origin: self.origin(value.span()), value: converted }
    }
}
