//! What stands under a field: a value, nothing, or something that cannot be told.

use crate::{Truth, View};
use plimsoll_document::{Flags, Kind, Lookup, Node, Span, Symbol};

/// The three cases of a [`Field`], to match on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State<T> {
    /// This value.
    Known(T),
    /// Certainly nothing: not written, or written as null.
    Absent,
    /// There may be a value, and it cannot be told: an open map, an undefined variable, a block that may not exist, another type than
    /// the schema's.
    Unknown,
}

/// The value of a field, with the node it stands at. Nothing fires by accident on a value that cannot be told: [`Field::known`] gives
/// `None` for it, and comparisons give [`Truth::Unknown`].
///
/// A field that holds a view has the view's own fields as methods, so `stage.facts().user().value()` reads through; absent and unknown are
/// passed on.
#[derive(Clone, Copy)]
pub struct Field<'a, T> {
    state: State<T>,
    node: Option<Node<'a>>,
}

/// A value that can be read from a node of the expected kind.
pub trait Decode<'a>: Sized {
    /// The value; unknown if the node is of another kind. Null, unknown and may-exist nodes never get here.
    fn decode(node: Node<'a>) -> State<Self>;
}

impl<'a, T: Decode<'a>> Field<'a, T> {
    /// Reads a node that is there.
    pub(crate) fn of(node: Node<'a>) -> Self {
        if node.flags().has(Flags::MAY_EXIST) {
            return Self { state: State::Unknown, node: Some(node) };
        }
        Self::judged(node)
    }

    /// Reads a node without regard to whether it exists: a judged one is taken to exist.
    pub(crate) fn judged(node: Node<'a>) -> Self {
        let state = match node.kind() {
            Kind::Null => State::Absent,
            Kind::Unknown => State::Unknown,
            _ => T::decode(node),
        };
        Self { state, node: Some(node) }
    }

    pub(crate) fn looked_up(lookup: Lookup<'a>) -> Self {
        match lookup {
            Lookup::Present(node) => Self::of(node),
            Lookup::Absent => Self::absent(),
            Lookup::Unknown(node) => Self { state: State::Unknown, node: Some(node) },
        }
    }

    /// The field under a schema key of a map.
    pub fn under(map: Node<'a>, key: Symbol) -> Self {
        Self::looked_up(map.get(key))
    }
}

impl<'a, T> Field<'a, T> {
    /// A field that is certainly absent.
    pub const fn absent() -> Self {
        Self { state: State::Absent, node: None }
    }

    /// A field that cannot be told.
    pub const fn unknown(node: Option<Node<'a>>) -> Self {
        Self { state: State::Unknown, node }
    }

    /// The three cases.
    pub fn read(self) -> State<T> {
        self.state
    }

    /// The value, if it is known.
    pub fn known(self) -> Option<T> {
        match self.state {
            State::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether there is certainly nothing.
    pub const fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent)
    }

    /// Whether it cannot be told.
    pub const fn is_unknown(&self) -> bool {
        matches!(self.state, State::Unknown)
    }

    /// Whether there is a value.
    pub const fn exists(&self) -> Truth {
        match self.state {
            State::Known(_) => Truth::True,
            State::Absent => Truth::False,
            State::Unknown => Truth::Unknown,
        }
    }

    /// The node the value stands at, or the one that makes it unknown.
    pub const fn node(&self) -> Option<Node<'a>> {
        self.node
    }

    /// Where the value is written.
    pub fn span(&self) -> Option<Span> {
        self.node.map(Node::span)
    }

    /// Whether the value is this. What is absent equals nothing.
    pub fn is<U>(self, other: U) -> Truth
    where
        T: PartialEq<U>,
    {
        self.holds(|value| value == other)
    }

    /// Whether the value is one of these.
    pub fn is_any<U>(self, others: &[U]) -> Truth
    where
        T: PartialEq<U>,
    {
        self.holds(|value| others.iter().any(|other| value == *other))
    }

    /// Whether there is a value and the statement holds for it.
    pub fn holds<R: Into<Truth>>(self, statement: impl FnOnce(T) -> R) -> Truth {
        match self.state {
            State::Known(value) => statement(value).into(),
            State::Absent => Truth::False,
            State::Unknown => Truth::Unknown,
        }
    }

    /// The value changed; absent and unknown stay.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<'a, U> {
        let state = match self.state {
            State::Known(value) => State::Known(change(value)),
            State::Absent => State::Absent,
            State::Unknown => State::Unknown,
        };
        Field { state, node: self.node }
    }

    /// A field of the value; absent and unknown are passed on.
    pub fn and_then<U>(self, next: impl FnOnce(T) -> Field<'a, U>) -> Field<'a, U> {
        match self.state {
            State::Known(value) => {
                let next = next(value);
                Field { node: next.node.or(self.node), ..next }
            }
            State::Absent => Field { state: State::Absent, node: self.node },
            State::Unknown => Field { state: State::Unknown, node: self.node },
        }
    }

    /// The value, or what absence means. Formats' defaults are the rule's to say: `service.privileged().or_absent(false)`.
    #[must_use]
    pub fn or_absent(self, meaning: T) -> Self {
        match self.state {
            State::Absent => Self { state: State::Known(meaning), node: self.node },
            _ => self,
        }
    }
}

impl<'a, T: View<'a>> Field<'a, T> {
    /// The view as a field of itself, for code that takes either.
    pub fn from_view(view: T) -> Self {
        Self { state: State::Known(view), node: Some(view.node()) }
    }
}

impl<T: core::fmt::Debug> core::fmt::Debug for Field<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.state.fmt(f)
    }
}

impl<'a> Decode<'a> for bool {
    #[inline]
    fn decode(node: Node<'a>) -> State<Self> {
        node.as_bool().map_or(State::Unknown, State::Known)
    }
}

impl<'a> Decode<'a> for f64 {
    #[inline]
    fn decode(node: Node<'a>) -> State<Self> {
        node.as_f64().map_or(State::Unknown, State::Known)
    }
}

impl<'a> Decode<'a> for &'a str {
    #[inline]
    fn decode(node: Node<'a>) -> State<Self> {
        node.as_str().map_or(State::Unknown, State::Known)
    }
}
