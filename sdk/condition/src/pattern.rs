//! `matches`: RE2 syntax, linear time.
//!
//! `regex-lite` is what fits in a guest: as in RE2 without flags, `\d`, `\w`, `\s` and `\b` are ASCII and matching is linear in the text. What it
//! leaves out of RE2 is refused when the condition is compiled: Unicode classes (`\p{L}`), and letter case beyond ASCII under `(?i)`.

use regex_lite::{Error, Regex, RegexBuilder};

/// Bytes of compiled pattern beyond which it is refused, so that `(a{1000}){1000}` cannot fill a guest's memory.
const SIZE_LIMIT: usize = 1 << 20;

pub(crate) fn new(pattern: &str) -> Result<Regex, Error> {
    RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).nest_limit(50).build()
}
