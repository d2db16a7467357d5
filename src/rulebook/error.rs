//! What is wrong with a rule's file.

/// A fault in a rule's file; prints as `path:line: cause`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RuleError {
    /// The file, as it was named to the reader.
    pub path: String,
    /// Line from 1; 0 where the whole file is meant.
    pub line: u32,
    /// A lowercase fragment with the remedy.
    pub cause: String,
}

impl RuleError {
    /// A fault at a line.
    pub fn new(path: &str, line: u32, cause: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, cause: cause.into() }
    }
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.cause),
            line => write!(f, "{}:{line}: {}", self.path, self.cause),
        }
    }
}

impl std::error::Error for RuleError {}
