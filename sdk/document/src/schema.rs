//! Names of every field of every target's tree: the public API of documents.
//!
//! Written in `schema/<target>.schema`, compiled by the build script into [`TYPES`] and [`KEYS`]. The typed views of the SDK, the field
//! types of conditions and `docs/documents/<target>.md` are generated from the same tables. Within ABI version 1 they only grow:
//! `schema/symbols` holds the permanent order of keys.

/// A type of one target's tree.
#[derive(Debug)]
pub struct Type {
    /// `docker`, `compose`, `kubernetes` or `terraform`.
    pub target: &'static str,
    /// `Stage`, `Service`, `Container` …
    pub name: &'static str,
    /// What it is, in Markdown.
    pub doc: &'static str,
    /// Its fields, in the order of the schema file.
    pub fields: &'static [Field],
    /// Those of them that hold other types, for walks from type to type.
    pub leads: &'static [Lead],
}

/// A field that leads to a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The field's symbol.
    pub symbol: crate::Symbol,
    /// Lists and maps around the type.
    pub nesting: u8,
    /// The type's place in [`TYPES`].
    pub ty: u16,
    /// Whether it is a fact that refers to a node elsewhere.
    pub fact: bool,
}

/// A field of a type.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// The key's symbol.
    pub symbol: crate::Symbol,
    /// What stands there.
    pub ty: FieldType,
    /// For lists: the field of the items that identifies one (`name` for containers).
    pub key: Option<&'static str>,
    /// What it means.
    pub doc: &'static str,
}

/// What stands under a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// A bool.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// Whatever was written: the schema does not describe it.
    Dyn,
    /// A map of a named type of the same target.
    Named(&'static str),
    /// A list.
    List(&'static FieldType),
    /// A map with free keys.
    Map(&'static FieldType),
    /// A fact that refers to a node of this type elsewhere in the document.
    Ref(&'static FieldType),
}

include!(concat!(env!("OUT_DIR"), "/schema.rs"));

/// The type `name` of `target`.
pub fn find(target: &str, name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|ty| ty.target == target && ty.name == name)
}

/// The type of `target`'s root: the first of its schema file.
pub fn root(target: &str) -> Option<&'static Type> {
    TYPES.iter().find(|ty| ty.target == target)
}

impl Type {
    /// The field `name`.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
