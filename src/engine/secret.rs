//! Masking: a secret's bytes appear nowhere but in the file itself.

use plimsoll_document::{Document, Flags, Kind, Span};
use plimsoll_finding::{MASK, MIN_MASKED};

/// The secret values of one unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets {
    values: Vec<String>,
}

impl Secrets {
    /// Values that the documents flag as sensitive.
    pub(crate) fn of(unit: &[&Document]) -> Self {
        let mut secrets = Self::default();
        for document in unit {
            let doc = document.doc();
            for node in (0..doc.node_count()).filter_map(|index| doc.node(index)) {
                if node.flags().has(Flags::SENSITIVE) && node.kind() == Kind::String && !node.is_ref() {
                    secrets.add(node.as_str().unwrap_or_default());
                }
            }
        }
        secrets
    }

    /// Adds a value; quotes around it are not part of it.
    pub(crate) fn add(&mut self, value: &str) {
        let bare = value.trim().trim_matches(['"', '\'']);
        if bare.len() >= MIN_MASKED && !self.values.iter().any(|known| known == bare) {
            self.values.push(bare.to_owned());
            // The longest first: one secret may contain another.
            self.values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        }
    }

    /// Adds what stands at a span.
    pub(crate) fn add_span(&mut self, document: &Document, span: Span) {
        self.add(document.doc().slice(span));
    }

    /// The values.
    pub(crate) fn into_values(self) -> Vec<String> {
        self.values
    }

    /// `text` without any of the values.
    pub(crate) fn mask(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, value| if text.contains(value) { text.replace(value, MASK) } else { text })
    }

    /// Whether a value stands in `text`.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.values.iter().any(|value| text.contains(value))
    }
}
