//! Lists of a document.

use crate::{Decode, Field, Place, State, Truth, many};
use core::marker::PhantomData;
use plimsoll_document::{Flags, Kind, Node, Span, Symbol};

/// A list that is there, certainly absent, or cannot be told. Iterating gives the items that are known, the ones that may not exist
/// included: each is judged as if it existed. What depends on the list as a whole ([`List::any`], [`List::all`], [`List::is_empty`], first
/// and last) takes into account that items may be missing or unknown.
#[derive(Clone, Copy)]
pub struct List<'a, T> {
    node: Field<'a, ListNode<'a>>,
    items: PhantomData<T>,
}

#[derive(Clone, Copy, Debug)]
struct ListNode<'a>(Node<'a>);

impl<'a> Decode<'a> for ListNode<'a> {
    #[inline]
    fn decode(node: Node<'a>) -> State<Self> {
        if node.kind() == Kind::List { State::Known(Self(node)) } else { State::Unknown }
    }
}

/// An item of a list.
#[derive(Clone, Copy)]
pub struct Item<'a, T> {
    node: Node<'a>,
    value: PhantomData<T>,
}

impl<'a, T: Decode<'a>> List<'a, T> {
    /// The list under a schema key of a map.
    pub fn under(map: Node<'a>, key: Symbol) -> Self {
        Self { node: Field::under(map, key), items: PhantomData }
    }

    /// The list that a field leads to; absent and unknown are passed on.
    pub fn through<V>(field: Field<'a, V>, next: impl FnOnce(V) -> Self) -> Self {
        Self { node: field.and_then(|view| next(view).node), items: PhantomData }
    }

    pub(crate) fn of(field: Field<'a, Node<'a>>) -> Self {
        Self { node: field.and_then(Field::judged), items: PhantomData }
    }

    /// The list's node, or the one that makes it unknown.
    pub const fn node(&self) -> Option<Node<'a>> {
        self.node.node()
    }

    /// Whether there is certainly no list. An empty one is not absent.
    pub const fn is_absent(&self) -> bool {
        self.node.is_absent()
    }

    /// Whether nothing can be told.
    pub const fn is_unknown(&self) -> bool {
        self.node.is_unknown()
    }

    /// Whether there is a list.
    pub const fn exists(&self) -> Truth {
        self.node.exists()
    }

    /// Every item shown, unknown ones included.
    pub fn items(self) -> impl Iterator<Item = Item<'a, T>> + Clone {
        self.node.known().into_iter().flat_map(|list| list.0.children()).map(|node| Item { node, value: PhantomData })
    }

    /// The items that are known, in order.
    pub fn iter(self) -> Known<'a, T> {
        Known { left: self.node.known().map(|list| list.0.children()), items: PhantomData }
    }

    /// Whether the list may hold more than is shown.
    pub fn is_open(self) -> bool {
        self.node.holds(|list| list.0.flags().has(Flags::OPEN)).is_true()
    }

    /// Number of items, if it is certain; 0 for an absent list.
    pub fn count(self) -> Option<u32> {
        match self.node.read() {
            State::Known(list) if list.0.flags().has(Flags::OPEN) => None,
            State::Known(list) if list.0.children().any(|item| item.flags().has(Flags::MAY_EXIST)) => None,
            State::Known(list) => Some(list.0.len()),
            State::Absent => Some(0),
            State::Unknown => None,
        }
    }

    /// Whether there is no item. An absent list is empty.
    pub fn is_empty(self) -> Truth {
        many::is_empty(self.node.map(|list| list.0).read())
    }

    /// Whether the statement holds for an item. True only for an item that certainly exists; false only if no item, shown or not, can
    /// make it true.
    pub fn any<R: Into<Truth>>(self, mut statement: impl FnMut(T) -> R) -> Truth {
        many::any(self.node.map(|list| list.0).read(), |_, item| statement(item).into())
    }

    /// Whether the list holds this value.
    pub fn contains<U: Copy>(self, value: U) -> Truth
    where
        T: PartialEq<U>,
    {
        self.any(|item| item == value)
    }

    /// Whether the statement holds for every item; true for an empty or absent list.
    pub fn all<R: Into<Truth>>(self, mut statement: impl FnMut(T) -> R) -> Truth {
        !self.any(|item| !statement(item).into())
    }

    /// The first item.
    pub fn first(self) -> Field<'a, T> {
        match self.node.read() {
            State::Absent => Field::absent(),
            State::Unknown => Field::unknown(self.node()),
            State::Known(list) => match list.0.children().next() {
                Some(item) => Field::of(item),
                None if list.0.flags().has(Flags::OPEN) => Field::unknown(self.node()),
                None => Field::absent(),
            },
        }
    }

    /// The last item; unknown for an open list.
    pub fn last(self) -> Field<'a, T> {
        match self.node.read() {
            State::Absent => Field::absent(),
            State::Unknown => Field::unknown(self.node()),
            State::Known(list) if list.0.flags().has(Flags::OPEN) => Field::unknown(self.node()),
            State::Known(list) => list.0.children().last().map_or(Field::absent(), Field::of),
        }
    }

    /// The item at a position; unknown if an item before it may not exist.
    pub fn get(self, index: usize) -> Field<'a, T> {
        let list = match self.node.read() {
            State::Absent => return Field::absent(),
            State::Unknown => return Field::unknown(self.node()),
            State::Known(list) => list.0,
        };
        if list.children().take(index).any(|item| item.flags().has(Flags::MAY_EXIST)) {
            return Field::unknown(Some(list));
        }
        match list.children().nth(index) {
            Some(item) => Field::of(item),
            None if list.flags().has(Flags::OPEN) => Field::unknown(Some(list)),
            None => Field::absent(),
        }
    }
}

impl<'a, T: Decode<'a>> IntoIterator for List<'a, T> {
    type Item = T;
    type IntoIter = Known<'a, T>;

    fn into_iter(self) -> Known<'a, T> {
        self.iter()
    }
}

/// The known items of a list.
#[derive(Clone)]
pub struct Known<'a, T> {
    left: Option<plimsoll_document::Children<'a>>,
    items: PhantomData<T>,
}

impl<'a, T: Decode<'a>> Iterator for Known<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.left.as_mut()?.find_map(|node| Field::judged(node).known())
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for List<'a, T> {
    fn decode(node: Node<'a>) -> State<Self> {
        State::Known(Self { node: Field::judged(node), items: PhantomData })
    }
}

impl<T> core::fmt::Debug for List<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "List({:?})", self.node)
    }
}

impl<'a, T: Decode<'a>> Item<'a, T> {
    /// Its node.
    pub const fn node(&self) -> Node<'a> {
        self.node
    }

    /// Where it is written.
    pub fn span(&self) -> Span {
        self.node.span()
    }

    /// Its value.
    pub fn value(&self) -> Field<'a, T> {
        Field::judged(self.node)
    }

    /// Whether it may or may not exist.
    pub fn may_exist(&self) -> bool {
        self.node.flags().has(Flags::MAY_EXIST)
    }
}

impl<'a, T> Place<'a> for List<'a, T> {
    fn place(&self) -> Option<Node<'a>> {
        self.node.node()
    }
}

impl<'a, T> Place<'a> for Item<'a, T> {
    fn place(&self) -> Option<Node<'a>> {
        Some(self.node)
    }
}
