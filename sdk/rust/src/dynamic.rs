//! Values that the schema does not describe: Terraform bodies, custom resources, `x-` fields.

use crate::{Decode, Field, List, Map, Place, State};
use plimsoll_document::{Kind, Node, Span};

/// A value of any kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dyn<'a>(Node<'a>);

impl<'a> Dyn<'a> {
    /// The value of a node.
    pub const fn new(node: Node<'a>) -> Self {
        Self(node)
    }

    /// The node.
    pub const fn node(self) -> Node<'a> {
        self.0
    }

    /// Where it is written.
    pub fn span(self) -> Span {
        self.0.span()
    }

    /// What kind of value it is.
    pub fn kind(self) -> Kind {
        self.0.kind()
    }

    /// What stands under a key.
    pub fn get(self, key: &str) -> Field<'a, Self> {
        Field::looked_up(self.0.get_text(key))
    }

    /// What stands under a dotted path: `versioning.enabled`, `spec.template.metadata`. A number selects an item; a name selects in the one
    /// item of a list that certainly has one item, because every nested HCL block is a list. For several blocks use [`Dyn::blocks`].
    pub fn attr(self, path: &str) -> Field<'a, Self> {
        let mut field = Field::judged(self.0);
        for step in path.split('.') {
            field = field.and_then(|value: Self| value.step(step));
        }
        field
    }

    fn step(self, step: &str) -> Field<'a, Self> {
        if self.kind() != Kind::List {
            return self.get(step);
        }
        let list = self.list();
        if let Ok(index) = step.parse() {
            return list.get(index);
        }
        match list.count() {
            Some(0) => Field::absent(),
            Some(1) => list.first().and_then(|item| item.get(step)),
            _ => Field::unknown(Some(self.0)),
        }
    }

    /// The blocks or items under a key.
    pub fn blocks(self, key: &str) -> List<'a, Self> {
        List::of(self.get(key).map(Self::node))
    }

    /// This value as a list.
    pub fn list(self) -> List<'a, Self> {
        List::of(Field::judged(self.0))
    }

    /// This value as a list of strings.
    pub fn strings(self) -> List<'a, &'a str> {
        List::of(Field::judged(self.0))
    }

    /// This value as a map.
    pub fn entries(self) -> Map<'a, Self> {
        Map::of(Field::judged(self.0))
    }

    /// This value as a string.
    pub fn str(self) -> Field<'a, &'a str> {
        Field::judged(self.0)
    }

    /// This value as a bool. The strings `true` and `false` count, as Terraform converts them.
    pub fn bool(self) -> Field<'a, bool> {
        Field::<Flag>::judged(self.0).map(|flag| flag.0)
    }

    /// This value as a number. A string that spells one counts, as Terraform converts it.
    pub fn number(self) -> Field<'a, f64> {
        Field::<Number>::judged(self.0).map(|number| number.0)
    }
}

struct Flag(bool);

impl<'a> Decode<'a> for Flag {
    fn decode(node: Node<'a>) -> State<Self> {
        match (node.as_bool(), node.as_str()) {
            (Some(value), _) => State::Known(Self(value)),
            (_, Some("true")) => State::Known(Self(true)),
            (_, Some("false")) => State::Known(Self(false)),
            _ => State::Unknown,
        }
    }
}

struct Number(f64);

impl<'a> Decode<'a> for Number {
    fn decode(node: Node<'a>) -> State<Self> {
        node.as_f64().or_else(|| node.as_str()?.parse().ok()).map_or(State::Unknown, |number| State::Known(Self(number)))
    }
}

impl<'a> Decode<'a> for Dyn<'a> {
    fn decode(node: Node<'a>) -> State<Self> {
        State::Known(Self(node))
    }
}

impl<'a> Decode<'a> for Node<'a> {
    fn decode(node: Node<'a>) -> State<Self> {
        State::Known(node)
    }
}

impl<'a> Place<'a> for Dyn<'a> {
    fn place(&self) -> Option<Node<'a>> {
        Some(self.0)
    }
}

impl<'a> From<Dyn<'a>> for Node<'a> {
    fn from(value: Dyn<'a>) -> Self {
        value.0
    }
}

/// The same, read through a field; absent and unknown are passed on.
impl<'a> Field<'a, Dyn<'a>> {
    /// See [`Dyn::get`].
    #[must_use]
    pub fn get(self, key: &str) -> Self {
        self.and_then(|value| value.get(key))
    }

    /// See [`Dyn::attr`].
    #[must_use]
    pub fn attr(self, path: &str) -> Self {
        self.and_then(|value| value.attr(path))
    }

    /// See [`Dyn::blocks`].
    pub fn blocks(self, key: &str) -> List<'a, Dyn<'a>> {
        List::of(self.get(key).map(Dyn::node))
    }

    /// See [`Dyn::list`].
    pub fn list(self) -> List<'a, Dyn<'a>> {
        List::of(self.map(Dyn::node))
    }

    /// See [`Dyn::strings`].
    pub fn strings(self) -> List<'a, &'a str> {
        List::of(self.map(Dyn::node))
    }

    /// See [`Dyn::entries`].
    pub fn entries(self) -> Map<'a, Dyn<'a>> {
        Map::of(self.map(Dyn::node))
    }

    /// See [`Dyn::str`].
    pub fn str(self) -> Field<'a, &'a str> {
        self.and_then(Dyn::str)
    }

    /// See [`Dyn::bool`].
    pub fn bool(self) -> Field<'a, bool> {
        self.and_then(Dyn::bool)
    }

    /// See [`Dyn::number`].
    pub fn number(self) -> Field<'a, f64> {
        self.and_then(Dyn::number)
    }
}
