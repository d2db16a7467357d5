//! `primaryLocationLineHash`, the one fingerprint that GitHub reads, by GitHub's own rule: a rolling hash over the 100 characters from a
//! line's start, blanks and tabs skipped, line ends normalised, multiplier 37 in 64 bits, in hex, with `:n` for the n-th line of that hash.

use std::collections::HashMap;

const BLOCK: usize = 100;
const MULTIPLIER: u64 = 37;
/// Stands for the end of the file, as often as the window needs it.
const END: u16 = u16::MAX;

/// The hashes of all lines of a text, the first line first.
pub(crate) fn line_hashes(text: &str) -> Vec<String> {
    let first_power = (0..BLOCK).fold(1_u64, |power, _| power.wrapping_mul(MULTIPLIER));
    let mut window = [0_u16; BLOCK];
    let mut starts: [Option<usize>; BLOCK] = [None; BLOCK];
    let (mut at, mut hash) = (0, 0_u64);
    let mut hashes: Vec<String> = vec![];
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut line = 0;
    let mut at_line_start = true;
    let mut previous_cr = false;

    let mut step = |unit: u16, line: Option<usize>| {
        let old = window[at];
        if let Some(done) = starts[at].take() {
            let count = seen.entry(hash).or_insert(0);
            *count += 1;
            if hashes.len() <= done {
                hashes.resize(done + 1, String::new());
            }
            hashes[done] = format!("{hash:x}:{count}");
        }
        starts[at] = line;
        window[at] = unit;
        hash = MULTIPLIER.wrapping_mul(hash).wrapping_add(value(unit)).wrapping_sub(first_power.wrapping_mul(value(old)));
        at = (at + 1) % BLOCK;
    };

    // The rule counts UTF-16 code units, as the JavaScript that defines it.
    for unit in text.encode_utf16() {
        // CRLF is one line end, a lone CR another.
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || (previous_cr && unit == u16::from(b'\n')) {
            previous_cr = false;
            continue;
        }
        previous_cr = unit == u16::from(b'\r');
        let unit = if previous_cr { u16::from(b'\n') } else { unit };
        step(unit, at_line_start.then_some(line));
        at_line_start = unit == u16::from(b'\n');
        line += usize::from(at_line_start);
    }
    step(END, at_line_start.then_some(line));
    for _ in 0..BLOCK {
        step(0, None);
    }
    hashes
}

fn value(unit: u16) -> u64 {
    u64::from(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule restated without rolling: the hash of a line is that of the next 100 kept characters, padded with zeros.
    fn restated(text: &str) -> Vec<String> {
        let mut kept: Vec<(u16, bool)> = vec![];
        let mut start = true;
        for unit in text.replace("\r\n", "\n").replace('\r', "\n").encode_utf16().filter(|unit| *unit != 0x20 && *unit != 9).chain([END]) {
            kept.push((unit, start));
            start = unit == 0x0a;
        }
        let mut seen: HashMap<u64, u32> = HashMap::new();
        let starts = (0..kept.len()).filter(|at| kept[*at].1);
        starts
            .map(|at| {
                let units = (at..at + BLOCK).map(|at| kept.get(at).map_or(0, |(unit, _)| u64::from(*unit)));
                let hash = units.fold(0_u64, |hash, unit| hash.wrapping_mul(MULTIPLIER).wrapping_add(unit));
                let count = seen.entry(hash).or_insert(0);
                *count += 1;
                format!("{hash:x}:{count}")
            })
            .collect()
    }

    #[test]
    fn rolling_equals_restated() {
        let long = "x y\tz ".repeat(60);
        for text in ["", "a", "a\n", "a\nb\n", "a\r\nb\rc", "same\n".repeat(300).as_str(), &format!("{long}\n\n{long}\n"), "é𝄞\n𝄞"] {
            assert_eq!(line_hashes(text), restated(text), "{text:?}");
        }
    }
}
