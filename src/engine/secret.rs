//! Masking: a secret's bytes appear nowhere but in the file itself.

use plimsoll_document::{Document, Flags, Kind, Span};
use plimsoll_finding::{MASK, is_looked_for, is_word, stands_alone};
use std::collections::{BTreeSet, HashSet};
use std::ops::{Bound, Range};

/// The secret values of one unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets {
    /// Those that are masked wherever they appear.
    everywhere: Values,
    /// Words, masked where they stand alone.
    words: Values,
    /// Words that plainly name other things of the unit too, masked in what is said of a secret.
    names: Values,
    /// What names things, once a word asked.
    known: Option<HashSet<String>>,
}

/// Keys under which things are named.
const NAMING: [&str; 8] = ["image", "name", "reference", "repository", "container_name", "hostname", "namespace", "service"];

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
                    secrets.add(unit, node.as_str().unwrap_or_default());
                }
            }
        }
        secrets
    }

    /// Adds a value; quotes around it are not part of it.
    pub(crate) fn add(&mut self, unit: &[&Document], value: &str) {
        let bare = value.trim().trim_matches(['"', '\'']);
        if !is_looked_for(bare) {
            return;
        }
        let values = if !is_word(bare) {
            &mut self.everywhere
        } else if self.known.get_or_insert_with(|| names(unit)).contains(bare) {
            &mut self.names
        } else {
            &mut self.words
        };
        values.0.insert(bare.into());
    }

    /// Adds what stands at a span.
    pub(crate) fn add_span(&mut self, unit: &[&Document], document: &Document, span: Span) {
        self.add(unit, document.doc().slice(span));
    }

    /// The values.
    pub(crate) fn into_values(self) -> impl Iterator<Item = String> {
        self.everywhere.0.into_iter().chain(self.words.0).chain(self.names.0).filter_map(|value| String::from_utf8(value).ok())
    }

    /// `text` without any of the values; `told` says whether it is about a secret of the unit, and so must not say it
    /// even if other things are called that.
    pub(crate) fn mask(&self, text: &str, told: bool) -> String {
        let mut found: Vec<Range<usize>> = self.everywhere.find(text).chain(self.words.alone(text)).collect();
        if told {
            found.extend(self.names.alone(text));
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
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
        self.everywhere.find(text).chain(self.words.alone(text)).chain(self.names.alone(text)).next().is_some()
    }
}

/// What names something in a unit: keys, images, services.
fn names(unit: &[&Document]) -> HashSet<String> {
    let mut names = HashSet::new();
    for document in unit {
        let doc = document.doc();
        for node in (0..doc.node_count()).filter_map(|index| doc.node(index)) {
            // What a variable put in names nothing: it may be the secret.
            let written = |text: &&str| {
                let source = node.source_text();
                source.contains(*text) && !source.contains('$') && !node.flags().has(Flags::SENSITIVE)
            };
            let text = node.as_str().filter(|_| NAMING.contains(&node.key())).filter(written).unwrap_or_default();
            let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
            names.extend([node.key(), text].into_iter().chain(parts).filter(|name| is_looked_for(name)).map(str::to_owned));
        }
    }
    names
}

impl Values {
    /// Where values stand by themselves in `text`.
    fn alone<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.find(text).filter(move |range| stands_alone(text, range.start, range.end))
    }

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
    use plimsoll_document::{Builder, Key, KeyTable, Value};

    fn secrets(values: &[&str]) -> Secrets {
        let keys = KeyTable::new();
        let mut builder = Builder::new("compose", &keys);
        let image = "registry.example.com/postgres:17";
        let at = Span::new(builder.source("compose.yaml", image), 0, image.len() as u32);
        let root = builder.root(Value::Map, at);
        builder.entry(root, Key::fact("image"), Value::String(image), at);
        let document = builder.finish();
        let mut secrets = Secrets::default();
        for value in values {
            secrets.add(&[&document], value);
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
    fn a_word_that_names_an_image_is_masked_only_in_what_is_said_of_it() {
        let secrets = secrets(&["postgres", "postgres7", "wonderland", "pass"]);
        assert_eq!(secrets.mask("image `postgres` with postgres7", false), "image `postgres` with *****");
        assert_eq!(secrets.mask("image `postgres` with postgres7", true), "image `*****` with *****");
        assert_eq!(
            secrets.mask("https://u:wonderland@h passes -pwonderland --password=pass", false),
            "https://u:*****@h passes -p***** --password=*****"
        );
        assert!(secrets.are_in("a postgres"));
    }
}
