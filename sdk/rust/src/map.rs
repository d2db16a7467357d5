//! Maps with free keys.

use crate::{Decode, Field, Place, State, Truth, many};
use core::marker::PhantomData;
use plimsoll_document::{Flags, Kind, Node, Span, Symbol};

/// A map with free keys (labels, environment, services) that is there, certainly absent, or cannot be told.
#[derive(Clone, Copy)]
pub struct Map<'a, T> {
    node: Field<'a, MapNode<'a>>,
    values: PhantomData<T>,
}

#[derive(Clone, Copy, Debug)]
struct MapNode<'a>(Node<'a>);

impl<'a> Decode<'a> for MapNode<'a> {
    fn decode(node: Node<'a>) -> State<Self> {
        if node.kind() == Kind::Map { State::Known(Self(node)) } else { State::Unknown }
    }
}

/// An entry of a map.
#[derive(Clone, Copy)]
pub struct Entry<'a, T> {
    node: Node<'a>,
    value: PhantomData<T>,
}

impl<'a, T: Decode<'a>> Map<'a, T> {
    /// The map under a schema key of a map.
    pub fn under(map: Node<'a>, key: Symbol) -> Self {
        Self { node: Field::under(map, key), values: PhantomData }
    }

    /// The map that a field leads to; absent and unknown are passed on.
    pub fn through<V>(field: Field<'a, V>, next: impl FnOnce(V) -> Self) -> Self {
        Self { node: field.and_then(|view| next(view).node), values: PhantomData }
    }

    pub(crate) fn of(field: Field<'a, Node<'a>>) -> Self {
        Self { node: field.and_then(Field::judged), values: PhantomData }
    }

    /// The map's node, or the one that makes it unknown.
    pub const fn node(&self) -> Option<Node<'a>> {
        self.node.node()
    }

    /// Whether there is certainly no map.
    pub const fn is_absent(&self) -> bool {
        self.node.is_absent()
    }

    /// Whether nothing can be told.
    pub const fn is_unknown(&self) -> bool {
        self.node.is_unknown()
    }

    /// Whether there is a map.
    pub const fn exists(&self) -> Truth {
        self.node.exists()
    }

    /// What stands under a key; absent only if the map certainly has no such key.
    pub fn get(self, key: &str) -> Field<'a, T> {
        match self.node.read() {
            State::Known(map) => Field::looked_up(map.0.get_text(key)),
            State::Absent => Field::absent(),
            State::Unknown => Field::unknown(self.node()),
        }
    }

    /// Whether the map has a key, whatever stands under it (null too).
    pub fn has_key(self, key: &str) -> Truth {
        match self.node.read() {
            State::Absent => Truth::False,
            State::Unknown => Truth::Unknown,
            State::Known(map) => match map.0.get_text(key) {
                plimsoll_document::Lookup::Present(entry) if entry.flags().has(Flags::MAY_EXIST) => Truth::Unknown,
                plimsoll_document::Lookup::Present(_) => Truth::True,
                plimsoll_document::Lookup::Absent => Truth::False,
                plimsoll_document::Lookup::Unknown(_) => Truth::Unknown,
            },
        }
    }

    /// Every entry shown, in order, unknown values included.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a, T>> + Clone {
        self.node.known().into_iter().flat_map(|map| map.0.children()).map(|node| Entry { node, value: PhantomData })
    }

    /// Key and value of the entries whose value is known.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, T)> + Clone {
        self.node.known().into_iter().flat_map(|map| map.0.children()).filter_map(|node| Some((node.key(), Field::judged(node).known()?)))
    }

    /// Whether there is no entry. An absent map is empty.
    pub fn is_empty(self) -> Truth {
        many::is_empty(self.node.map(|map| map.0).read())
    }

    /// Whether the statement holds for an entry; see [`crate::List::any`].
    pub fn any<R: Into<Truth>>(self, mut statement: impl FnMut(&'a str, T) -> R) -> Truth {
        many::any(self.node.map(|map| map.0).read(), |entry, value| statement(entry.key(), value).into())
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Map<'a, T> {
    fn decode(node: Node<'a>) -> State<Self> {
        State::Known(Self { node: Field::judged(node), values: PhantomData })
    }
}

impl<T> core::fmt::Debug for Map<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Map({:?})", self.node)
    }
}

impl<'a, T: Decode<'a>> Entry<'a, T> {
    /// Its key.
    pub fn key(&self) -> &'a str {
        self.node.key()
    }

    /// Where its key is written.
    pub fn key_span(&self) -> Option<Span> {
        self.node.key_span()
    }

    /// Its value's node.
    pub const fn node(&self) -> Node<'a> {
        self.node
    }

    /// Its value.
    pub fn value(&self) -> Field<'a, T> {
        Field::judged(self.node)
    }
}

impl<'a, T> Place<'a> for Map<'a, T> {
    fn place(&self) -> Option<Node<'a>> {
        self.node.node()
    }
}

impl<'a, T> Place<'a> for Entry<'a, T> {
    fn place(&self) -> Option<Node<'a>> {
        Some(self.node)
    }
}
