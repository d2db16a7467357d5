//! The words of a document, column by column.
//!
//! ```text
//! header   layout version, stride, node count, first node word, first origin word, source count, then (text start, end) per source
//! nodes    stride words each; node 0 is the root
//! origins  per origin: entry count, then (role, source, start, end) per entry; a node's origin column holds the word of the count
//! ```
//! A source's text start is where the first byte of its file lies in the text, and its end the number of bytes from there. A document that is one
//! part of a file (an object among others in a stream) carries that part alone: spans still count from the start of the file, which then
//! lies before the text does, so the start is modulo 2^32 and the top bit tells.
//!
//! `stride` is written, not assumed: a later layout adds columns at the end, and an older reader skips them.

/// Version of the header. A reader refuses any other.
pub const LAYOUT_VERSION: u32 = 1;
/// Words per node in this version.
pub(crate) const STRIDE: u32 = 17;
/// "No such node" and "no such source".
pub(crate) const NONE: u32 = u32::MAX;

pub(crate) mod header {
    pub(crate) const VERSION: usize = 0;
    pub(crate) const STRIDE: usize = 1;
    pub(crate) const NODE_COUNT: usize = 2;
    pub(crate) const FIRST_NODE: usize = 3;
    pub(crate) const SOURCE_COUNT: usize = 5;
    pub(crate) const SOURCES: usize = 6;
}

pub(crate) mod column {
    /// Kind in the low byte, flags above it.
    pub(crate) const KIND_FLAGS: usize = 0;
    pub(crate) const PARENT: usize = 1;
    pub(crate) const NEXT: usize = 2;
    pub(crate) const FIRST_CHILD: usize = 3;
    pub(crate) const CHILD_COUNT: usize = 4;
    pub(crate) const KEY_SYMBOL: usize = 5;
    pub(crate) const KEY_TEXT: usize = 6;
    pub(crate) const KEY_LEN: usize = 7;
    pub(crate) const KEY_SOURCE: usize = 8;
    pub(crate) const KEY_START: usize = 9;
    pub(crate) const KEY_END: usize = 10;
    /// String and unknown: byte offset of the text. Number: low bits. Bool: 0 or 1. Ref: node index. Map: 1 if no symbol but
    /// [`crate::Symbol::OTHER`] stands twice in it, 0 if that is not known.
    pub(crate) const VALUE_A: usize = 11;
    /// String and unknown: byte length of the text. Number: high bits.
    pub(crate) const VALUE_B: usize = 12;
    pub(crate) const SOURCE: usize = 13;
    pub(crate) const START: usize = 14;
    pub(crate) const END: usize = 15;
    pub(crate) const ORIGIN: usize = 16;
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Written as null, or a key without a value.
    Null = 0,
    /// True or false.
    Bool = 1,
    /// A number, as an IEEE 754 double.
    Number = 2,
    /// Text, decoded: quotes removed, escapes and expansions applied.
    String = 3,
    /// Items in order.
    List = 4,
    /// Entries with keys, in the order written.
    Map = 5,
    /// Another node of the same document: a fact about something written.
    Ref = 6,
    /// There is a value, and it cannot be told from here; carries the cause.
    Unknown = 7,
}

impl Kind {
    pub(crate) const fn from_word(word: u32) -> Option<Self> {
        Some(match word & 0xff {
            0 => Self::Null,
            1 => Self::Bool,
            2 => Self::Number,
            3 => Self::String,
            4 => Self::List,
            5 => Self::Map,
            6 => Self::Ref,
            7 => Self::Unknown,
            _ => return None,
        })
    }
}

/// What else is known of a node; a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct Flags(pub u32);

impl Flags {
    /// Nothing special.
    pub const NONE: Self = Self(0);
    /// The value came from an ARG, a variable or a `:-` default.
    pub const DEFAULTED: Self = Self(1);
    /// Reached through a YAML alias or merge key.
    pub const FROM_ANCHOR: Self = Self(1 << 1);
    /// A variable took part in the value.
    pub const FROM_VARIABLE: Self = Self(1 << 2);
    /// A secret value: the host masks its bytes wherever they appear.
    pub const SENSITIVE: Self = Self(1 << 3);
    /// Written by a template; the text is not the final one.
    pub const TEMPLATED: Self = Self(1 << 4);
    /// This map or list may hold more than is shown.
    pub const OPEN: Self = Self(1 << 5);
    /// The thing may or may not exist (an unknown `count`, a conditional block).
    pub const MAY_EXIST: Self = Self(1 << 6);

    /// Whether every bit of `other` is set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl core::ops::BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

impl core::ops::BitAnd for Flags {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl core::ops::BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.with(other);
    }
}

/// What part a place had in a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum Role {
    /// The literal that decided the value.
    Decided = 0,
    /// A place that the value passed through on its way.
    Via = 1,
    /// Another place that takes part (a merged override, a second definition).
    Also = 2,
}

impl Role {
    pub(crate) const fn from_word(word: u32) -> Option<Self> {
        Some(match word {
            0 => Self::Decided,
            1 => Self::Via,
            2 => Self::Also,
            _ => return None,
        })
    }
}
