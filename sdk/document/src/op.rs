//! Structural changes, as plugins name them.

/// What an op of a fix does. The numbers are the ABI's; they never change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum OpKind {
    /// Writes a value under a pointer; missing or null parents are created.
    Set = 0,
    /// Writes a sibling in front of the node.
    InsertBefore = 1,
    /// Writes a sibling behind the node.
    InsertAfter = 2,
    /// Adds an item to the list under a pointer.
    Append = 3,
    /// Takes away what stands under a pointer.
    Remove = 4,
    /// Gives the entry under a pointer another key.
    Rename = 5,
    /// Replaces exactly the node's source text; the text is in the target's syntax.
    ReplaceSource = 6,
    /// Creates a file; the key is its path, the text its whole content.
    CreateFile = 7,
}

impl OpKind {
    /// Every kind, by number.
    pub const ALL: [Self; 8] =
        [Self::Set, Self::InsertBefore, Self::InsertAfter, Self::Append, Self::Remove, Self::Rename, Self::ReplaceSource, Self::CreateFile];

    /// From its number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }
}
