//! Masking: a secret's bytes appear nowhere but in the file itself.

use plimsoll_document::{Document, Flags, Kind, Span};
use plimsoll_finding::{MASK, MIN_MASKED};
use std::collections::BTreeSet;
use std::ops::{Bound, Range};

/// The secret values of one unit. A hostile one may have many thousands, and as many findings whose words they are looked for in: a set in
/// order finds the longest that begins at a place without trying them all, and may grow between two searches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets {
    values: BTreeSet<Vec<u8>>,
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
        if bare.len() >= MIN_MASKED {
            self.values.insert(bare.into());
        }
    }

    /// Adds what stands at a span.
    pub(crate) fn add_span(&mut self, document: &Document, span: Span) {
        self.add(document.doc().slice(span));
    }

    /// The values.
    pub(crate) fn into_values(self) -> impl Iterator<Item = String> {
        self.values.into_iter().filter_map(|value| String::from_utf8(value).ok())
    }

    /// `text` without any of the values.
    pub(crate) fn mask(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        let mut hidden: Option<Range<usize>> = None;
        // Overlapping ones leave nothing of each other.
        for found in self.find(text) {
            match &mut hidden {
                Some(last) if found.start <= last.end => last.end = last.end.max(found.end),
                _ => {
                    if let Some(last) = hidden.replace(found) {
                        out.push_str(&text[copied..last.start]);
                        out.push_str(MASK);
                        copied = last.end;
                    }
                }
            }
        }
        if let Some(last) = hidden {
            out.push_str(&text[copied..last.start]);
            out.push_str(MASK);
            copied = last.end;
        }
        out.push_str(&text[copied..]);
        out
    }

    /// Whether a value stands in `text`.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.find(text).next().is_some()
    }

    /// Where values stand in `text`, in the order of their beginnings: of those that begin at one place the longest.
    fn find(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let places = if self.values.is_empty() { "" } else { text };
        places.char_indices().filter_map(|(at, _)| Some(at..at + self.longest_prefix(&text.as_bytes()[at..])?))
    }

    /// The length of the longest value that `text` begins with.
    fn longest_prefix(&self, mut text: &[u8]) -> Option<usize> {
        loop {
            // What begins `text` is not greater than it, and of two such the longer is the greater. So it is the nearest one below, or
            // no longer than what that one and the text have in common.
            let nearest = self.values.range::<[u8], _>((Bound::Unbounded, Bound::Included(text))).next_back()?;
            let common = nearest.iter().zip(text).take_while(|(a, b)| a == b).count();
            if common == nearest.len() {
                return Some(common);
            }
            text = &text[..common];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(values: &[&str]) -> Secrets {
        let mut secrets = Secrets::default();
        for value in values {
            secrets.add(value);
        }
        secrets
    }

    #[test]
    fn the_longest_value_is_masked_and_overlapping_ones_leave_nothing() {
        let secrets = secrets(&["abcd", "cdef", "abcdefgh", "'quoted'", "1"]);
        assert_eq!(secrets.mask("x abcdef y abcdefgh é quoted 1 abce"), "x ***** y ***** é ***** 1 abce");
        assert!(secrets.are_in("éabcd") && !secrets.are_in("abc"));
        assert_eq!(Secrets::default().mask("abcd"), "abcd");
    }

    #[test]
    fn a_value_is_found_behind_greater_ones_that_share_its_beginning() {
        assert_eq!(secrets(&["aaaa", "aaaab", "aaaabz", "aaaac"]).mask("aaaabx aaaacc aaaa"), "*****x *****c *****");
    }
}
