//! Masking: a secret's bytes appear nowhere but in the file itself.

use plimsoll_document::{Document, Flags, Kind, Span};
use plimsoll_finding::{MASK, is_masked_everywhere, is_masked_there};
use std::collections::BTreeSet;
use std::ops::{Bound, Range};

/// The secret values of one unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets {
    /// Those that are masked everywhere.
    everywhere: Values,
    /// Those that are words for other things too, masked in what is said of them.
    words: Values,
}

/// Values to look for. A hostile unit may have many thousands, and as many findings whose words they are looked for in: a set in order finds
/// the longest that begins at a place without trying them all, and may grow between two searches.
#[derive(Debug, Clone, Default)]
struct Values(BTreeSet<Vec<u8>>);

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
        if is_masked_everywhere(bare) {
            self.everywhere.0.insert(bare.into());
        } else if is_masked_there(bare) {
            self.words.0.insert(bare.into());
        }
    }

    /// Adds what stands at a span.
    pub(crate) fn add_span(&mut self, document: &Document, span: Span) {
        self.add(document.doc().slice(span));
    }

    /// The values.
    pub(crate) fn into_values(self) -> impl Iterator<Item = String> {
        self.everywhere.0.into_iter().chain(self.words.0).filter_map(|value| String::from_utf8(value).ok())
    }

    /// `text` without any of the values; `told` says whether it is about a secret of the unit, and so must not name it even if it is a word.
    pub(crate) fn mask(&self, text: &str, told: bool) -> String {
        let mut found: Vec<Range<usize>> = self.everywhere.find(text).collect();
        if told {
            found.extend(self.words.find(text));
            found.sort_unstable_by_key(|range| (range.start, range.end));
        }
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        let mut hidden: Option<Range<usize>> = None;
        // Overlapping ones leave nothing of each other.
        for found in found {
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
        self.everywhere.find(text).chain(self.words.find(text)).next().is_some()
    }
}

impl Values {
    /// Where values stand in `text`, in the order of their beginnings: of those that begin at one place the longest.
    fn find(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let places = if self.0.is_empty() { "" } else { text };
        places.char_indices().filter_map(|(at, _)| Some(at..at + self.longest_prefix(&text.as_bytes()[at..])?))
    }

    /// The length of the longest value that `text` begins with.
    fn longest_prefix(&self, mut text: &[u8]) -> Option<usize> {
        loop {
            // What begins `text` is not greater than it, and of two such the longer is the greater. So it is the nearest one below, or
            // no longer than what that one and the text have in common.
            let nearest = self.0.range::<[u8], _>((Bound::Unbounded, Bound::Included(text))).next_back()?;
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
        let secrets = secrets(&["ab3d", "3def", "ab3defgh", "'quoted5'", "1"]);
        assert_eq!(secrets.mask("x ab3def y ab3defgh é quoted5 1 ab3e", false), "x ***** y ***** é ***** 1 ab3e");
        assert!(secrets.are_in("éab3d") && !secrets.are_in("ab3"));
        assert_eq!(Secrets::default().mask("abcd", true), "abcd");
    }

    #[test]
    fn a_value_is_found_behind_greater_ones_that_share_its_beginning() {
        assert_eq!(secrets(&["1111", "11112", "11112z", "11113"]).mask("11112x 111133 1111", false), "*****x *****3 *****");
    }

    #[test]
    fn a_word_is_masked_only_in_what_is_said_of_it() {
        let secrets = secrets(&["postgres", "postgres7"]);
        assert_eq!(secrets.mask("image `postgres` with postgres7", false), "image `postgres` with *****");
        assert_eq!(secrets.mask("image `postgres` with postgres7", true), "image `*****` with *****");
        assert!(secrets.are_in("a postgres"));
    }
}
