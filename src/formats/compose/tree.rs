//! The tree while it is being merged: values that still know their file, directory and syntax.

use crate::text::Text;
use plimsoll_document::{Flags, OriginEntry, Span};
use std::rc::Rc;

/// A directory that relative paths start from: an index into the loader's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Dir(pub(crate) u16);

/// A value and where it is written.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) value: Val,
    pub(crate) site: Span,
    pub(crate) flags: Flags,
    pub(crate) origin: Vec<OriginEntry>,
    pub(crate) dir: Dir,
    pub(crate) tag: Tag,
    /// Takes part in merging, and is left out of the document: Compose's defaults for short syntax.
    pub(crate) implied: bool,
}

/// What Compose's own YAML tags ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tag {
    #[default]
    None,
    /// `!reset`: drops the value that earlier files give.
    Reset,
    /// `!override`: replaces it instead of merging.
    Override,
}

#[derive(Debug, Clone)]
pub(crate) enum Val {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Vec<Tree>),
    Map(Vec<Entry>),
    Unknown(Rc<str>),
}

/// A number with the words Compose would print it in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) text: String,
}

/// An entry of a map.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// `None` for what the host worked out.
    pub(crate) key_span: Option<Span>,
    pub(crate) value: Tree,
}

impl Tree {
    pub(crate) const fn new(value: Val, site: Span, dir: Dir) -> Self {
        Self { value, site, flags: Flags::NONE, origin: vec![], dir, tag: Tag::None, implied: false }
    }

    /// A text as a value of its own; flags and origin come from its pieces.
    pub(crate) fn text(text: Text, whole: Span, dir: Dir) -> Self {
        let mut tree = Self::new(Val::Null, text.span(whole), dir);
        tree.origin = text.origin();
        tree.value = Val::Text(text);
        tree
    }

    #[must_use]
    pub(crate) fn with_flags(mut self, flags: Flags) -> Self {
        self.flags |= flags;
        self
    }

    pub(crate) const fn as_map(&self) -> Option<&Vec<Entry>> {
        match &self.value {
            Val::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) const fn as_map_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.value {
            Val::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) const fn as_list(&self) -> Option<&Vec<Self>> {
        match &self.value {
            Val::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if it is one and all of it is known.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Val::Text(text) => text.known(),
            _ => None,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.iter().rev().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.as_map_mut()?.iter_mut().rev().find(|entry| entry.key == key).map(|entry| &mut entry.value)
    }

    /// Removes and returns an entry.
    pub(crate) fn take(&mut self, key: &str) -> Option<Entry> {
        let entries = self.as_map_mut()?;
        let at = entries.iter().position(|entry| entry.key == key)?;
        Some(entries.remove(at))
    }

    /// Whether it cannot be told at all.
    pub(crate) fn is_unknown(&self) -> bool {
        match &self.value {
            Val::Unknown(_) => true,
            Val::Text(text) => text.cause().is_some(),
            _ => false,
        }
    }

    /// The words of a scalar, as Compose prints it where it wants text.
    pub(crate) fn words(&self) -> Option<String> {
        match &self.value {
            Val::Text(text) => text.known().map(str::to_owned),
            Val::Number(number) => Some(number.text.clone()),
            Val::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// Number of nodes.
    pub(crate) fn size(&self) -> u64 {
        1 + match &self.value {
            Val::List(items) => items.iter().map(Self::size).sum::<u64>(),
            Val::Map(entries) => entries.iter().map(|entry| entry.value.size()).sum(),
            _ => 0,
        }
    }

    /// Bytes of its texts and keys.
    pub(crate) fn text_size(&self) -> usize {
        match &self.value {
            Val::Text(text) => text.as_str().len(),
            Val::List(items) => items.iter().map(Self::text_size).sum(),
            Val::Map(entries) => entries.iter().map(|entry| entry.key.len() + entry.value.text_size()).sum(),
            _ => 0,
        }
    }

    /// Words that are equal for values that Compose calls the same item of a list, wherever they are written. `None` if something in it
    /// cannot be told.
    pub(crate) fn digest(&self) -> Option<String> {
        let mut out = String::new();
        self.write_digest(&mut out).then_some(out)
    }

    fn write_digest(&self, out: &mut String) -> bool {
        match &self.value {
            Val::Null => out.push('~'),
            Val::Bool(value) => out.push(if *value { 't' } else { 'f' }),
            Val::Number(number) => {
                out.push('#');
                out.push_str(&number.text);
                out.push('\0');
            }
            Val::Text(text) => {
                let Some(text) = text.known() else { return false };
                out.push('"');
                out.push_str(text);
                out.push('\0');
            }
            Val::List(items) => {
                out.push('[');
                if !items.iter().all(|item| item.write_digest(out)) {
                    return false;
                }
                out.push(']');
            }
            Val::Map(entries) => {
                let mut written: Vec<&Entry> = entries.iter().filter(|entry| entry.key_span.is_some() && !entry.value.implied).collect();
                written.sort_by(|a, b| a.key.cmp(&b.key));
                out.push('{');
                for entry in written {
                    out.push_str(&entry.key);
                    out.push('\0');
                    if !entry.value.write_digest(out) {
                        return false;
                    }
                }
                out.push('}');
            }
            Val::Unknown(_) => return false,
        }
        true
    }
}

impl Entry {
    /// An entry that is written.
    pub(crate) fn new(key: impl Into<String>, key_span: Span, value: Tree) -> Self {
        Self { key: key.into(), key_span: Some(key_span), value }
    }

    /// An entry that the host worked out.
    pub(crate) fn fact(key: &str, value: Tree) -> Self {
        Self { key: key.to_owned(), key_span: None, value }
    }
}
