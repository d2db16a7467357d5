//! The fingerprint of a line that GitHub's code scanning recognises alerts by (`primaryLocationLineHash`).
//!
//! GitHub's upload action computes it when it is absent and complains of each result where ours differs, so this follows its published
//! behaviour to the letter: over UTF-16 units, without spaces and tabs, every line end one `\n`, the file closed by 0xFFFF and zeros; the
//! hundred units from the line's start are the digits of a number to the base 37 in 64 bits; equal hashes are numbered in order.

use std::collections::HashMap;

const WINDOW: usize = 100;
const BASE: u64 = 37;
const END_OF_FILE: u16 = 0xffff;

/// The hash of every line, the first line's first.
pub fn line_hashes(text: &str) -> Vec<String> {
    let (units, starts) = normalised(text);
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let hash = |start: &usize| {
        (0..WINDOW).fold(0_u64, |hash, at| hash.wrapping_mul(BASE).wrapping_add(units.get(start + at).copied().unwrap_or(0).into()))
    };
    starts
        .iter()
        .map(hash)
        .map(|hash| {
            let count = seen.entry(hash).or_default();
            *count += 1;
            format!("{hash:x}:{count}")
        })
        .collect()
}

/// The units that count, and where each line starts among them.
fn normalised(text: &str) -> (Vec<u16>, Vec<usize>) {
    const SPACE: u16 = b' ' as u16;
    const TAB: u16 = b'\t' as u16;
    const LF: u16 = b'\n' as u16;
    const CR: u16 = b'\r' as u16;
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut starts = Vec::new();
    let mut at_start = true;
    let mut after_cr = false;
    for unit in text.encode_utf16().chain([END_OF_FILE]) {
        let skipped = unit == SPACE || unit == TAB || (after_cr && unit == LF);
        after_cr = !skipped && unit == CR;
        if skipped {
            continue;
        }
        if at_start {
            starts.push(units.len());
        }
        let unit = if unit == CR { LF } else { unit };
        at_start = unit == LF;
        units.push(unit);
    }
    (units, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Published with the action.
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        let expected = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(line_hashes(" a\nb\n  \t\tc\n d"), expected);
        assert_eq!(line_hashes("a\r b\rc \rd"), expected);
    }

    #[test]
    fn line_ends_and_blanks_do_not_matter_and_repeats_are_numbered() {
        assert_eq!(line_hashes("a b\r\n\tc\n"), line_hashes("ab\nc\n"));
        let twice = line_hashes(&format!("{}\n{}\n", "x".repeat(200), "x".repeat(200)));
        assert!(twice[0].ends_with(":1") && twice[1].ends_with(":2") && twice[0].split(':').next() == twice[1].split(':').next());
    }
}
