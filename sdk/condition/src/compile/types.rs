//! Static types, from the schema.

use plimsoll_document::schema::{self, FieldType, Type};
use std::sync::Arc as Rc;

/// What is known of an expression's value before it is evaluated. Any of them may be null.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    /// Anything; an absent entry reads as null.
    Dyn,
    /// Anything of CEL's own: an absent key is an error.
    Any,
    /// Null.
    Null,
    /// A bool.
    Bool,
    /// A number of a document: an int if it is whole, else a double.
    Number,
    /// An int.
    Int,
    /// A double.
    Double,
    /// Text.
    Text,
    /// A list.
    List(Rc<Ty>),
    /// A map with free keys.
    Map(Rc<Ty>),
    /// A type of the schema.
    Named(Named),
    /// The rule's options.
    Options(Rc<Vec<(String, Ty)>>),
    /// A type as a value.
    Type,
    /// A Kubernetes quantity.
    Quantity,
}

/// A type of the schema; compared by target and name.
#[derive(Clone, Copy, Debug)]
pub struct Named(pub &'static Type);

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.0.target == other.0.target && self.0.name == other.0.name
    }
}

impl Ty {
    /// The type of a field of `target`'s schema.
    pub fn of_field(target: &str, ty: &FieldType) -> Self {
        match ty {
            FieldType::Bool => Self::Bool,
            FieldType::Number => Self::Number,
            FieldType::String => Self::Text,
            FieldType::Dyn => Self::Dyn,
            FieldType::Named(name) => schema::find(target, name).map_or(Self::Dyn, |ty| Self::Named(Named(ty))),
            FieldType::List(item) => Self::List(Rc::new(Self::of_field(target, item))),
            FieldType::Map(value) => Self::Map(Rc::new(Self::of_field(target, value))),
            FieldType::Ref(to) => Self::of_field(target, to),
        }
    }

    /// The type that an option declares.
    pub fn of_option(ty: &str) -> Option<Self> {
        Some(match ty {
            "bool" => Self::Bool,
            "number" => Self::Number,
            "string" => Self::Text,
            "list<string>" => Self::List(Rc::new(Self::Text)),
            "list<number>" => Self::List(Rc::new(Self::Number)),
            "map<string>" => Self::Map(Rc::new(Self::Text)),
            _ => return None,
        })
    }

    /// Its name in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Dyn | Self::Any => "dyn".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Int => "int".to_owned(),
            Self::Double => "double".to_owned(),
            Self::Text => "string".to_owned(),
            Self::List(item) => format!("list<{}>", item.name()),
            Self::Map(value) => format!("map<{}>", value.name()),
            Self::Named(Named(ty)) => ty.name.to_owned(),
            Self::Options(_) => "options".to_owned(),
            Self::Type => "type".to_owned(),
            Self::Quantity => "quantity".to_owned(),
        }
    }

    /// Whether nothing is known.
    pub const fn is_free(&self) -> bool {
        matches!(self, Self::Dyn | Self::Any)
    }

    /// Whether it is a number of some kind.
    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Number | Self::Int | Self::Double)
    }

    /// Whether a value of one may equal a value of the other, null aside.
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (left, right) if left.is_free() || right.is_free() => true,
            (Self::Null, _) | (_, Self::Null) => true,
            (left, right) if left.is_number() && right.is_number() => true,
            (Self::List(left), Self::List(right)) => left.meets(right),
            (Self::Map(_) | Self::Named(_) | Self::Options(_), Self::Map(_) | Self::Named(_) | Self::Options(_)) => true,
            (left, right) => left == right,
        }
    }

    /// What covers both: the branches of a choice, the items of a list.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::Null, other) | (other, Self::Null) => other,
            (left, right) if left.is_number() && right.is_number() => Self::Number,
            (Self::Dyn, _) | (_, Self::Dyn) => Self::Dyn,
            _ => Self::Any,
        }
    }
}

/// The type that `for:` names, in any case and with or without dashes: `stage`, `PodTemplate`, `pod-template`.
pub(super) fn find(target: &str, name: &str) -> Option<&'static Type> {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = plain(name);
    schema::TYPES.iter().find(|ty| ty.target == target && plain(ty.name) == wanted)
}

/// The names of `known` that `name` may have been meant for, nearest first; empty if none is near.
pub(super) fn near<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Vec<&'k str> {
    // Two, for letters that changed places.
    let limit = if name.chars().count() < 4 { 1 } else { 2 };
    let folded = name.to_ascii_lowercase().replace(['_', '-'], "");
    let mut found: Vec<(usize, &str)> = known
        .filter_map(|other| {
            let distance = distance(&folded, &other.to_ascii_lowercase().replace(['_', '-'], ""));
            let part = folded.len() > 3 && (other.to_ascii_lowercase().contains(&folded) || folded.contains(&other.to_ascii_lowercase()));
            (distance <= limit || part).then_some((distance, other))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().take(3).map(|(_, name)| name).collect()
}

/// " (did you mean …?)", or nothing.
pub(super) fn hint<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    let near: Vec<String> = near(name, known).into_iter().map(|name| format!("`{name}`")).collect();
    if near.is_empty() { String::new() } else { format!(", did you mean {}?", near.join(" or ")) }
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, r) in right.iter().enumerate() {
            let cost = if l == *r { diagonal } else { 1 + diagonal.min(row[column]).min(row[column + 1]) };
            diagonal = row[column + 1];
            row[column + 1] = cost;
        }
    }
    row[right.len()]
}
