//! Keys as numbers.

use crate::schema;
use core::hash::{BuildHasherDefault, Hasher};
use std::borrow::Cow;
use std::collections::HashMap;

/// A key's number: schema keys have theirs for good, third parties' keys get theirs when the plugin is loaded, any other key is
/// [`Symbol::OTHER`] and known by its text only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Symbol(pub u32);

impl Symbol {
    /// A key that nobody asked for by number.
    pub const OTHER: Self = Self(0);
}

/// Maps key texts to symbols: the schema's, then those that third-party plugins listed. Nothing read from a document is ever added, so a
/// server's memory stays flat.
#[derive(Clone, Debug)]
pub struct KeyTable {
    symbols: HashMap<Cow<'static, str>, Symbol, BuildHasherDefault<Fnv>>,
}

/// FNV-1a. A key is looked up for every node written, and nothing that a document holds is ever added to the table, so a document cannot
/// make it slow.
#[derive(Clone, Copy, Debug)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Default for KeyTable {
    fn default() -> Self {
        Self::new()
    }
}

impl KeyTable {
    /// The schema's keys.
    pub fn new() -> Self {
        let symbols = schema::KEYS.iter().enumerate().map(|(at, key)| (Cow::Borrowed(*key), Symbol(at as u32 + 1))).collect();
        Self { symbols }
    }

    /// The symbol of a key that a plugin's manifest lists; the same text always gets the same symbol.
    pub fn add(&mut self, key: &str) -> Symbol {
        if let Some(symbol) = self.symbols.get(key) {
            return *symbol;
        }
        let symbol = Symbol(self.symbols.len() as u32 + 1);
        self.symbols.insert(Cow::Owned(key.to_owned()), symbol);
        symbol
    }

    /// The symbol of a key, or [`Symbol::OTHER`].
    pub fn symbol(&self, key: &str) -> Symbol {
        self.symbols.get(key).copied().unwrap_or(Symbol::OTHER)
    }
}
