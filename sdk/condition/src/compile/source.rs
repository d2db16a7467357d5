//! The logic of a Markdown rule as its front matter writes it.

use crate::Json;

/// A value of the front matter and where it stands in the rule's file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Located<T> {
    /// The value. For text: after YAML has read it.
    pub value: T,
    /// Line in the rule's file, from 1: of the key, or of the first line of the text if that is known.
    pub line: u32,
    /// Column of the text's first character, from 1; 0 if it is not known (block scalars, escapes), and then errors name the line alone.
    pub column: u32,
}

impl<T> Located<T> {
    /// A value at a place.
    pub const fn new(value: T, line: u32, column: u32) -> Self {
        Self { value, line, column }
    }
}

/// One entry of `ops:`.
#[derive(Clone, PartialEq, Debug)]
pub struct OpSource {
    /// `set`, `insert-before`, `insert-after`, `append`, `remove`, `rename`, `replace-source` or `create-file`.
    pub kind: String,
    /// JSON Pointer below `self`; for `create-file` the path of the file. May hold `{expression}`s.
    pub key: String,
    /// `to:`, if there is one. Every string in it may hold `{expression}`s; a string that is one expression and nothing else is worth
    /// what the expression is worth, of whatever type. `{{` and `${` are literal.
    pub to: Option<Json>,
    /// Line in the rule's file, from 1.
    pub line: u32,
}

/// An option of the rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionSource {
    /// Its name.
    pub name: String,
    /// `bool`, `number`, `string`, `list<string>` or `map<string>`.
    pub ty: String,
}

/// What [`crate::compile::compile`] takes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConditionSource {
    /// `docker`, `compose`, `kubernetes` or `terraform`.
    pub target: String,
    /// Title of the rule: the message where it has none of its own.
    pub title: String,
    /// `for:`.
    pub judged: Located<String>,
    /// `require:`, a CEL expression.
    pub require: Located<String>,
    /// `at:`, a JSON Pointer below `self`.
    pub at: Option<Located<String>>,
    /// `message:`, text with `{expression}`s.
    pub message: Option<Located<String>>,
    /// `relations:`.
    pub relations: Vec<Located<String>>,
    /// `ops:`.
    pub ops: Vec<OpSource>,
    /// Whether `fix:` says `safe`. Without `ops` it means nothing.
    pub safe: bool,
    /// `options:`.
    pub options: Vec<OptionSource>,
}

/// What is wrong with a condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    /// Line in the rule's file, from 1.
    pub line: u32,
    /// Column in it, from 1; 0 if it is not known.
    pub column: u32,
    /// What, a lowercase fragment with the remedy.
    pub message: String,
}

impl core::fmt::Display for CompileError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.column {
            0 => write!(f, "line {}: {}", self.line, self.message),
            column => write!(f, "line {}, column {column}: {}", self.line, self.message),
        }
    }
}

impl core::error::Error for CompileError {}
