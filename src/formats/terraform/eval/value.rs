//! What an expression is worth.

use plimsoll_document::Span;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value with what is known of its way here.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) data: Data,
    pub(crate) marks: Marks,
    /// The literal it equals, where there is one.
    pub(crate) at: Option<Span>,
    /// Where else it passed or took from.
    pub(crate) way: Option<Rc<Way>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Data {
    /// There is a value that cannot be told, and why.
    Unknown(Rc<str>),
    Null,
    Bool(bool),
    Number(f64),
    String(Rc<str>),
    Sequence(Rc<Sequence>),
    Mapping(Rc<Mapping>),
}

/// A tuple, list or set.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) kind: SequenceKind,
    pub(crate) items: Vec<Value>,
    pub(crate) summary: Summary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SequenceKind {
    Tuple,
    List,
    Set,
}

/// An object or map.
#[derive(Debug)]
pub(crate) struct Mapping {
    pub(crate) kind: MappingKind,
    pub(crate) entries: BTreeMap<Rc<str>, Entry>,
    /// May hold more than is shown.
    pub(crate) open: bool,
    pub(crate) summary: Summary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MappingKind {
    Object,
    Map,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Where the key is written.
    pub(crate) key: Option<Span>,
    pub(crate) value: Value,
}

/// What holds for a container and everything inside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Summary {
    /// Nothing inside is unknown or open.
    pub(crate) whole: bool,
    pub(crate) marks: Marks,
    /// Levels below and including this one.
    pub(crate) depth: u32,
}

/// What a value inherits from those it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Marks(u8);

impl Marks {
    pub(crate) const SENSITIVE: Self = Self(1);
    /// A variable took part.
    pub(crate) const VARIABLE: Self = Self(2);
    /// A variable's default took part.
    pub(crate) const DEFAULTED: Self = Self(4);

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl std::ops::BitOr for Marks {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The way of a value from its literals to here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    /// Expressions it passed through unchanged, nearest first.
    pub(crate) via: Vec<Span>,
    /// Literals elsewhere that took part.
    pub(crate) also: Vec<Span>,
}

/// How many places are remembered of each kind.
const WAY_LIMIT: usize = 8;
/// Longest string that is built.
pub(crate) const STRING_LIMIT: usize = 1 << 20;

impl Value {
    pub(crate) const fn new(data: Data) -> Self {
        Self { data, marks: Marks(0), at: None, way: None }
    }

    pub(crate) fn unknown(cause: impl Into<Rc<str>>) -> Self {
        Self::new(Data::Unknown(cause.into()))
    }

    pub(crate) fn string(text: impl Into<Rc<str>>) -> Self {
        Self::new(Data::String(text.into()))
    }

    pub(crate) const fn bool(value: bool) -> Self {
        Self::new(Data::Bool(value))
    }

    pub(crate) const fn number(value: f64) -> Self {
        Self::new(Data::Number(value))
    }

    pub(crate) fn sequence(kind: SequenceKind, items: Vec<Self>) -> Self {
        let summary = Summary::of(items.iter(), true);
        if summary.depth > plimsoll_formats::MAX_DEPTH {
            return Self::unknown("values are nested too deeply");
        }
        Self::new(Data::Sequence(Rc::new(Sequence { kind, items, summary })))
    }

    pub(crate) fn tuple(items: Vec<Self>) -> Self {
        Self::sequence(SequenceKind::Tuple, items)
    }

    pub(crate) fn mapping(kind: MappingKind, entries: BTreeMap<Rc<str>, Entry>, open: bool) -> Self {
        let summary = Summary::of(entries.values().map(|entry| &entry.value), !open);
        if summary.depth > plimsoll_formats::MAX_DEPTH {
            return Self::unknown("values are nested too deeply");
        }
        Self::new(Data::Mapping(Rc::new(Mapping { kind, entries, open, summary })))
    }

    pub(crate) fn object(entries: impl IntoIterator<Item = (Rc<str>, Self)>) -> Self {
        Self::mapping(MappingKind::Object, entries.into_iter().map(|(key, value)| (key, Entry { key: None, value })).collect(), false)
    }

    pub(crate) fn at(mut self, literal: Span) -> Self {
        self.at = Some(literal);
        self
    }

    pub(crate) fn marked(mut self, marks: Marks) -> Self {
        self.marks |= marks;
        self
    }

    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self.data, Data::Unknown(_))
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// Whether nothing in it is unknown.
    pub(crate) fn is_whole(&self) -> bool {
        self.summary().whole
    }

    /// Its marks and those of everything inside.
    pub(crate) fn all_marks(&self) -> Marks {
        self.marks | self.summary().marks
    }

    fn summary(&self) -> Summary {
        match &self.data {
            Data::Sequence(sequence) => sequence.summary,
            Data::Mapping(mapping) => mapping.summary,
            data => Summary { whole: !matches!(data, Data::Unknown(_)), marks: self.marks, depth: 0 },
        }
    }

    /// The type's name as Terraform's messages have it.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.data {
            Data::Unknown(_) => "unknown value",
            Data::Null => "null",
            Data::Bool(_) => "bool",
            Data::Number(_) => "number",
            Data::String(_) => "string",
            Data::Sequence(sequence) => match sequence.kind {
                SequenceKind::Tuple => "tuple",
                SequenceKind::List => "list",
                SequenceKind::Set => "set",
            },
            Data::Mapping(mapping) => match mapping.kind {
                MappingKind::Object => "object",
                MappingKind::Map => "map",
            },
        }
    }

    /// This value, having been reached through the expression at `span`.
    pub(crate) fn through(mut self, span: Span) -> Self {
        if self.at == Some(span) {
            return self;
        }
        let mut way = self.way.as_deref().cloned().unwrap_or_default();
        if way.via.len() < WAY_LIMIT && !way.via.contains(&span) {
            way.via.insert(0, span);
            self.way = Some(Rc::new(way));
        }
        self
    }

    /// The result of an operation on `operands`: it has their marks, and the literals elsewhere that decided them.
    pub(crate) fn inheriting<'a>(mut self, operands: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut also: Vec<Span> = self.way.as_ref().map_or_else(Vec::new, |way| way.also.clone());
        let before = also.len();
        for operand in operands {
            self.marks |= operand.all_marks();
            let elsewhere = operand.way.is_some() || operand.marks.has(Marks::VARIABLE);
            let places = operand.at.filter(|_| elsewhere).into_iter().chain(operand.way.iter().flat_map(|way| way.also.iter().copied()));
            for place in places {
                if also.len() < WAY_LIMIT && !also.contains(&place) {
                    also.push(place);
                }
            }
        }
        if also.len() > before {
            let via = self.way.as_ref().map_or_else(Vec::new, |way| way.via.clone());
            self.way = Some(Rc::new(Way { via, also }));
        }
        self
    }

    /// A part of `self`: what `self` inherited, the part did too.
    pub(crate) fn part(&self, part: &Self) -> Self {
        let mut part = part.clone();
        part.marks |= self.marks;
        if part.way.is_none() {
            part.way.clone_from(&self.way);
        }
        part
    }
}

impl Summary {
    fn of<'a>(values: impl Iterator<Item = &'a Value>, closed: bool) -> Self {
        let mut all = Self { whole: closed, marks: Marks::default(), depth: 0 };
        for value in values {
            let one = value.summary();
            all.whole &= one.whole;
            all.marks |= one.marks | value.marks;
            all.depth = all.depth.max(one.depth);
        }
        all.depth += 1;
        all
    }
}

/// A number as Terraform writes it into text; `None` where doubles are too coarse to tell.
pub(crate) fn number_text(number: f64) -> Option<String> {
    // The shortest decimal that reads back as this double: what was written, for any number written with up to 15 digits.
    (number.is_finite() && number.abs() < 1e15).then(|| number.to_string())
}
