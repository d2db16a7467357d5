//! The lines around a place, made fit for a terminal: secrets masked, control characters shown as what they are, long lines cut.

use crate::escape::is_hostile;
use crate::mask::Masker;
use plimsoll_finding::{Lines, MASK, Range};

/// Characters of a line shown on each side of what is pointed at.
const REACH: usize = 100;
/// Lines of a place that are shown; of a longer one, the first line stands for all.
const MAX_LINES: u32 = 6;

/// An excerpt and where the place is in it, in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub(crate) text: String,
    /// Number of the excerpt's first line, from 1.
    pub(crate) first_line: u32,
    /// Characters of the excerpt that are the place; never empty.
    pub(crate) marked: std::ops::Range<usize>,
    /// Whether lines of the place are left out.
    pub(crate) cut: bool,
}

/// Cuts out a place.
pub(crate) fn snippet(path: &str, text: &str, lines: &Lines, range: &Range, secrets: &Masker) -> Snippet {
    let start = range.start.offset as usize;
    let mut end = (range.end.offset as usize).max(start);
    let cut = range.end.line.saturating_sub(range.start.line) >= MAX_LINES;
    if cut {
        end = line_end(text, start);
    }
    let last_line = if cut { range.start.line } else { range.end.line.max(range.start.line) };
    let mut out = Excerpt { text: String::new(), length: 0, from: None, to: 0 };
    for number in range.start.line..=last_line {
        let from = (lines.start(number) as usize).min(text.len());
        let to = line_end(text, from);
        out.line(text, from..to, start..end, path, secrets);
        out.push('\n');
    }
    // A place behind the last character still needs something to stand on.
    let marked = out.from.unwrap_or(out.length.saturating_sub(1));
    let to = out.to.max(marked + 1);
    if to >= out.length {
        out.text.insert(out.text.len().saturating_sub(1), ' ');
    }
    Snippet { text: out.text, first_line: range.start.line, marked: marked..to, cut }
}

struct Excerpt {
    text: String,
    length: usize,
    from: Option<usize>,
    to: usize,
}

impl Excerpt {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.length += 1;
    }

    fn line(&mut self, text: &str, line: std::ops::Range<usize>, place: std::ops::Range<usize>, path: &str, secrets: &Masker) {
        let window = window(text, &line, &place);
        if window.start > line.start {
            self.push('…');
        }
        let hidden = secrets.find_in(path, text, &window);
        let mut at = window.start;
        while at < window.end {
            if at >= place.start && self.from.is_none() {
                self.from = Some(self.length);
            }
            let next = if let Some((_, to)) = hidden.iter().find(|(from, to)| *from <= at && at < *to) {
                MASK.chars().for_each(|c| self.push(c));
                (*to).min(window.end)
            } else {
                let Some(c) = text[at..].chars().next() else { break };
                self.push(visible(c));
                at + c.len_utf8()
            };
            at = next.max(at + 1);
            if at <= place.end && self.from.is_some() {
                self.to = self.length;
            }
        }
        if self.from.is_none() && place.start <= line.end {
            self.from = Some(self.length);
        }
        if window.end < line.end {
            self.push('…');
        }
    }
}

/// The part of a line that is shown.
fn window(text: &str, line: &std::ops::Range<usize>, place: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    if line.len() <= 2 * REACH {
        return line.clone();
    }
    let anchor = place.start.clamp(line.start, line.end);
    let back = text[line.start..anchor].char_indices().rev().nth(REACH - 1).map_or(line.start, |(at, _)| line.start + at);
    let forth = text[anchor..line.end].char_indices().nth(REACH).map_or(line.end, |(at, _)| anchor + at);
    back..forth
}

fn visible(c: char) -> char {
    match c {
        '\t' => '\t',
        // Unicode has a picture of each ASCII control character.
        c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        c if is_hostile(c) => '\u{fffd}',
        c => c,
    }
}

fn line_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let length = rest.find('\n').unwrap_or(rest.len());
    from + rest[..length].strip_suffix('\r').map_or(length, str::len)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn marked(text: &str, start: u32, end: u32, secrets: &[&str]) -> (String, String) {
        let lines = Lines::new(text);
        let secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        let cut = snippet("f", text, &lines, &lines.range(text, start, end), &Masker::new(&secrets));
        (cut.text.trim_end_matches('\n').to_owned(), cut.text.chars().skip(cut.marked.start).take(cut.marked.len()).collect())
    }

    #[test]
    fn tabs_line_ends_and_wide_characters_keep_the_mark_in_place() {
        assert_eq!(marked("\tUSER 𝕏 root\r\nx", 11, 15, &[]), ("\tUSER 𝕏 root".into(), "root".into()));
        assert_eq!(marked("a\u{1b}[31mb", 2, 6, &[]), ("a␛[31mb".into(), "[31m".into()));
    }

    #[test]
    fn secret_is_masked_and_stays_marked() {
        assert_eq!(marked("ENV T=hunter2 X", 4, 13, &["hunter2"]), ("ENV T=***** X".into(), "T=*****".into()));
    }

    #[test]
    fn empty_place_at_the_end_of_a_file_is_one_character() {
        assert_eq!(marked("", 0, 0, &[]).1, " ");
        assert_eq!(marked("a\n", 2, 2, &[]).1, " ");
        assert_eq!(marked("ab", 2, 2, &[]).1, " ");
    }

    #[test]
    fn long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "x".repeat(1_000_000), "y".repeat(1_000_000));
        let (shown, mark) = marked(&text, 1_000_000, 1_000_004, &[]);
        assert!(shown.chars().count() < 300 && shown.starts_with('…') && shown.ends_with('…'));
        assert_eq!(mark, "HERE");
    }

    proptest::proptest! {
        #[test]
        fn any_place_is_marked_inside_the_excerpt(text in "(a|\\n|\\r|\\t|é|𝕏|\u{1b}|s3cret){0,40}", a: u16, b: u16, long: bool) {
            let text = if long { text.repeat(40) } else { text };
            let (a, b) = (u32::from(a) % (text.len() as u32 + 1), u32::from(b) % (text.len() as u32 + 1));
            let lines = Lines::new(&text);
            let range = lines.range(&text, a.min(b), a.max(b));
            let cut = snippet("f", &text, &lines, &range, &Masker::new(&["s3cret".into()]));
            proptest::prop_assert!(cut.marked.end <= cut.text.chars().count() && !cut.marked.is_empty());
            proptest::prop_assert!(!cut.text.contains("s3cret"));
        }
    }
}
