//! What a rule asks for.

/// A change to the tree (contracts: fix).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Op {
    /// What to do.
    pub kind: OpKind,
    /// Which document of the unit.
    pub document: u32,
    /// The node it starts from. A fact's node means the node it refers to.
    pub node: u32,
    /// JSON Pointer below `node`; for create-file, a path relative to the project root.
    pub key: String,
    /// JSON of the new value; plain text for replace-source and create-file.
    pub text: String,
}

/// Kinds of op, by their number in the ABI.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum OpKind {
    /// Writes a value; missing or null parents are created.
    Set,
    /// Adds an item before the one named.
    InsertBefore,
    /// Adds an item after the one named.
    InsertAfter,
    /// Adds an item at the end of the list named.
    Append,
    /// Takes an entry or item away.
    Remove,
    /// Gives an entry another key.
    Rename,
    /// Replaces the node's source text.
    ReplaceSource,
    /// Creates a file.
    CreateFile,
}

impl OpKind {
    /// From its number in the ABI.
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Set,
            1 => Self::InsertBefore,
            2 => Self::InsertAfter,
            3 => Self::Append,
            4 => Self::Remove,
            5 => Self::Rename,
            6 => Self::ReplaceSource,
            7 => Self::CreateFile,
            _ => return None,
        })
    }
}
