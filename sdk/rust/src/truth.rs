//! True, false, or cannot be told.

use core::ops::{BitAnd, BitOr, Not};

/// What is known of a statement. A rule fires where something is *known*, so the end of most rules is [`Truth::is_true`] or
/// [`Truth::is_false`], and both are `false` for [`Truth::Unknown`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// A value that decides it cannot be told from here.
    Unknown,
}

impl Truth {
    /// Whether it certainly holds.
    pub const fn is_true(self) -> bool {
        matches!(self, Self::True)
    }

    /// Whether it certainly does not hold.
    pub const fn is_false(self) -> bool {
        matches!(self, Self::False)
    }

    /// Whether it cannot be told.
    pub const fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Both: false as soon as one is certainly false.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        match (self, other.into()) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// One of them: true as soon as one is certainly true.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        match (self, other.into()) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            _ => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl Not for Truth {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl<T: Into<Self>> BitAnd<T> for Truth {
    type Output = Self;
    fn bitand(self, other: T) -> Self {
        self.and(other)
    }
}

impl<T: Into<Self>> BitOr<T> for Truth {
    type Output = Self;
    fn bitor(self, other: T) -> Self {
        self.or(other)
    }
}
