//! Values of expressions. Those of a document stay where they are.

use crate::code::TypeName;
use plimsoll_document::{Flags, Kind, Node};
use std::borrow::Cow;
use std::rc::Rc;

/// Numbers up to here are whole in a double without doubt, so a document's `8080` reads as an int.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// What an expression is worth.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Null: written so, or an absent field of the schema.
    Null,
    /// A bool.
    Bool(bool),
    /// A whole number. Whole numbers of a document read as ints.
    Int(i64),
    /// Any other number.
    Double(f64),
    /// Text.
    Text(Text<'a>),
    /// A list.
    List(List<'a>),
    /// A map.
    Map(Map<'a>),
    /// The name of a type.
    Type(TypeValue),
    /// A Kubernetes quantity, in billionths.
    Quantity(i128),
    /// There is a value, and it cannot be told from here.
    Unknown,
    /// It cannot be evaluated.
    Error(Failure),
}

/// A type as a value; compare it by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TypeValue(pub(crate) TypeName);

impl TypeValue {
    /// Its name in CEL: `int`, `list` …
    pub const fn name(self) -> &'static str {
        self.0.text()
    }
}

/// Why an expression cannot be evaluated: one lowercase fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(Rc<str>);

impl Failure {
    pub(crate) fn new(message: impl Into<Rc<str>>) -> Self {
        Self(message.into())
    }

    /// The cause.
    pub fn message(&self) -> &str {
        &self.0
    }
}

/// Text of a document, or made by an expression.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    /// Of a document or a condition.
    Borrowed(&'a str),
    /// Made.
    Made(Rc<str>),
}

impl Text<'_> {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Made(text) => text,
        }
    }
}

/// A list of a document, or made by an expression.
#[derive(Clone, Debug)]
pub enum List<'a> {
    /// Of a document.
    Node(Node<'a>),
    /// Made.
    Made(Rc<MadeList<'a>>),
}

/// A list that an expression made.
#[derive(Debug)]
pub struct MadeList<'a> {
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) open: bool,
}

/// An item of a list, or an entry's value.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) value: Value<'a>,
    pub(crate) may_exist: bool,
}

impl<'a> List<'a> {
    pub(crate) fn made(items: Vec<Value<'a>>) -> Self {
        let items = items.into_iter().map(|value| Item { value, may_exist: false }).collect();
        Self::Made(Rc::new(MadeList { items, open: false }))
    }

    /// Whether it may hold more than is shown.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Node(node) => node.flags().has(Flags::OPEN),
            Self::Made(list) => list.open,
        }
    }

    /// Number of items shown.
    pub fn shown(&self) -> usize {
        match self {
            Self::Node(node) => node.len() as usize,
            Self::Made(list) => list.items.len(),
        }
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = Item<'a>> + '_ {
        let (nodes, made) = match self {
            Self::Node(node) => (Some(node.children()), None),
            Self::Made(list) => (None, Some(list.items.iter().cloned())),
        };
        nodes.into_iter().flatten().map(Item::of).chain(made.into_iter().flatten())
    }

    /// Whether number and place of every item are certain.
    pub(crate) fn is_certain(&self) -> bool {
        !self.is_open() && self.items().all(|item| !item.may_exist)
    }
}

/// A map of a document, or made by an expression.
#[derive(Clone, Debug)]
pub enum Map<'a> {
    /// Of a document.
    Node(Node<'a>),
    /// Made.
    Made(Rc<Vec<(Value<'a>, Value<'a>)>>),
}

impl<'a> Map<'a> {
    /// Whether it may hold more than is shown.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Node(node) => node.flags().has(Flags::OPEN),
            Self::Made(_) => false,
        }
    }

    /// Keys and values, each key once: of an entry that is written twice, the last counts.
    pub(crate) fn entries(&self) -> Vec<(Value<'a>, Item<'a>)> {
        match self {
            Self::Node(node) => {
                let mut seen = std::collections::HashSet::new();
                let mut entries: Vec<_> = node.children().collect();
                entries.reverse();
                entries.retain(|entry| seen.insert(entry.key()));
                entries.reverse();
                entries.into_iter().map(|entry| (Value::Text(Text::Borrowed(entry.key())), Item::of(entry))).collect()
            }
            Self::Made(entries) => {
                entries.iter().map(|(key, value)| (key.clone(), Item { value: value.clone(), may_exist: false })).collect()
            }
        }
    }
}

impl<'a> Item<'a> {
    pub(crate) fn of(node: Node<'a>) -> Self {
        Self { value: Value::of(node), may_exist: node.flags().has(Flags::MAY_EXIST) }
    }
}

impl<'a> Value<'a> {
    /// The value of a node.
    pub fn of(node: Node<'a>) -> Self {
        match node.kind() {
            Kind::Null => Self::Null,
            Kind::Bool => node.as_bool().map_or(Self::Unknown, Self::Bool),
            Kind::Number => node.as_f64().map_or(Self::Unknown, Self::number),
            Kind::String => node.as_str().map_or(Self::Unknown, |text| Self::Text(Text::Borrowed(text))),
            Kind::List => Self::List(List::Node(node.target())),
            Kind::Map => Self::Map(Map::Node(node.target())),
            // A ring of refs has no value.
            Kind::Ref | Kind::Unknown => Self::Unknown,
        }
    }

    /// A number as documents and options hold it: an int if it is whole.
    pub(crate) fn number(number: f64) -> Self {
        if number.fract() == 0.0 && number.abs() <= WHOLE { Self::Int(number as i64) } else { Self::Double(number) }
    }

    /// A size or position.
    pub(crate) fn count(count: usize) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    pub(crate) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(Text::Made(text.into()))
    }

    pub(crate) fn error(message: impl Into<Rc<str>>) -> Self {
        Self::Error(Failure::new(message))
    }

    /// Whether an operation that needs a value stops here.
    pub(crate) const fn is_no_value(&self) -> bool {
        matches!(self, Self::Unknown | Self::Error(_))
    }

    /// What kind of value it is, in words for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Type(_) => "type",
            Self::Quantity(_) => "quantity",
            Self::Unknown => "unknown",
            Self::Error(_) => "error",
        }
    }

    /// The value as a message shows it: text bare, the rest as JSON.
    pub fn display(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.as_str()),
            Self::Unknown => Cow::Borrowed("(unknown)"),
            Self::Type(name) => Cow::Borrowed(name.name()),
            Self::Error(failure) => Cow::Owned(format!("({})", failure.message())),
            other => Cow::Owned(crate::convert::to_json(other).map_or_else(|| "(unknown)".to_owned(), |json| json.to_string())),
        }
    }
}
