//! Secrets.

use aho_corasick::AhoCorasick;
use plimsoll_finding::{Location, MASK, is_looked_for, is_word, stands_alone};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// Bytes around a part of a file, at most, in which a secret is looked for that the part would cut.
const MARGIN: usize = 16 * 1024;

/// Replaces secrets wherever they appear. Built once per report: a hostile one may have thousands of secrets and of messages.
#[derive(Debug, Default)]
pub(crate) struct Masker {
    search: Option<AhoCorasick>,
    /// Length of the longest of all that are looked for.
    longest: usize,
    /// Words that are secrets in a file, looked for in it alone.
    words: HashMap<Arc<str>, AhoCorasick>,
    places: HashMap<Arc<str>, Vec<(usize, usize)>>,
}

impl Masker {
    pub(crate) fn new(secrets: &[String]) -> Self {
        let long: Vec<&str> = secrets.iter().map(String::as_str).filter(|secret| is_looked_for(secret) && !is_word(secret)).collect();
        let longest = long.iter().map(|secret| secret.len()).max().unwrap_or_default();
        Self { search: if long.is_empty() { None } else { AhoCorasick::new(long).ok() }, longest, ..Self::default() }
    }

    /// Looks for words in the files of which they are secrets as well.
    pub(crate) fn with_words(mut self, secrets: HashMap<Arc<str>, BTreeSet<String>>) -> Self {
        for (path, secrets) in secrets {
            let words: Vec<String> = secrets.into_iter().filter(|secret| is_looked_for(secret) && is_word(secret)).collect();
            self.longest = words.iter().map(String::len).fold(self.longest, usize::max);
            if !words.is_empty()
                && let Ok(search) = AhoCorasick::new(words)
            {
                self.words.insert(path, search);
            }
        }
        self
    }

    /// Knows where secrets stand as well, so that those that are not looked for are masked there.
    pub(crate) fn with_places<'a>(mut self, places: impl Iterator<Item = &'a Location>) -> Self {
        for at in places {
            self.places.entry(at.path.clone()).or_default().push((at.range.start.offset as usize, at.range.end.offset as usize));
        }
        for ranges in self.places.values_mut() {
            *ranges = join(std::mem::take(ranges));
        }
        self
    }

    fn find(&self, text: &str) -> impl Iterator<Item = (usize, usize)> {
        self.search.iter().flat_map(move |search| search.find_overlapping_iter(text)).map(|found| (found.start(), found.end()))
    }

    fn find_words<'a>(&'a self, path: &str, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let found = self.words.get(path).into_iter().flat_map(move |search| search.find_overlapping_iter(text));
        found.map(|found| (found.start(), found.end())).filter(move |(start, end)| stands_alone(text, *start, *end))
    }

    /// Byte ranges of secrets that touch a part of a file, in order, overlapping ones joined.
    pub(crate) fn find_in(&self, path: &str, text: &str, part: &Range<usize>) -> Vec<(usize, usize)> {
        // A secret that reaches into the part, and the bytes beside it by which a word is told to stand alone.
        let margin = MARGIN.min(self.longest + 4);
        let from = text.floor_char_boundary(part.start.saturating_sub(margin));
        let to = text.ceil_char_boundary((part.end + margin).min(text.len()));
        let near = &text[from..to];
        let mut all: Vec<(usize, usize)> =
            self.find(near).chain(self.find_words(path, near)).map(|(start, end)| (from + start, from + end)).collect();
        all.extend(self.places.get(path).into_iter().flatten());
        all.retain(|(start, end)| *start < part.end && *end > part.start);
        join(all)
    }

    /// A part of a file, masked. The part must begin and end between characters.
    pub(crate) fn mask_in(&self, path: &str, text: &str, part: &Range<usize>) -> String {
        let hidden = self.find_in(path, text, part).into_iter().map(|(from, to)| (from.max(part.start), to.min(part.end)));
        replaced(text, part, hidden)
    }

    pub(crate) fn mask(&self, text: &str) -> String {
        replaced(text, &(0..text.len()), join(self.find(text).collect()).into_iter())
    }

    /// A text that is to stand in a file, or did, masked.
    pub(crate) fn mask_for(&self, path: &str, text: &str) -> String {
        replaced(text, &(0..text.len()), join(self.find(text).chain(self.find_words(path, text)).collect()).into_iter())
    }

    /// Whether a text that is to stand in a file holds a secret.
    pub(crate) fn finds_for(&self, path: &str, text: &str) -> bool {
        self.find(text).chain(self.find_words(path, text)).next().is_some()
    }
}

fn replaced(text: &str, part: &Range<usize>, hidden: impl Iterator<Item = (usize, usize)>) -> String {
    let mut out = String::with_capacity(part.len());
    let mut copied = part.start;
    for (from, to) in hidden {
        out.push_str(text.get(copied..from).unwrap_or_default());
        out.push_str(MASK);
        copied = to;
    }
    out.push_str(text.get(copied..part.end).unwrap_or_default());
    out
}

/// Sorts ranges and joins those that touch.
fn join(mut ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    ranges.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (from, to) in ranges {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// Replaces every secret that is no mere word wherever it appears; overlapping ones leave nothing of each other.
pub fn mask(text: &str, secrets: &[String]) -> String {
    Masker::new(secrets).mask(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_secrets_leave_nothing_of_each_other() {
        let secrets = ["ab3d".to_owned(), "3def".to_owned(), "ab3defgh".to_owned(), String::new(), "1".to_owned()];
        assert_eq!(mask("x ab3def y ab3defgh 1", &secrets), "x ***** y ***** 1");
    }

    #[test]
    fn part_of_a_file_shows_no_part_of_a_secret() {
        let masker = Masker::new(&["hunter2".to_owned()]);
        assert_eq!(masker.mask_in("f", "a hunter2 b", &(0..5)), "a *****");
        assert_eq!(masker.mask_in("f", "a hunter2 b", &(6..11)), "***** b");
    }

    proptest::proptest! {
        #[test]
        fn no_secret_survives(text in "[1-3]{0,30}", secrets in proptest::collection::vec("[1-3]{4,6}", 0..4)) {
            let masked = mask(&text, &secrets);
            proptest::prop_assert!(secrets.iter().all(|secret| !masked.contains(secret.as_str())));
        }
    }
}
