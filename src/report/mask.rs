//! Source text without its secrets.

use plimsoll_finding::Location;

/// `text` with the bytes of every location replaced by asterisks, one per character, so that columns stay true.
pub fn mask(text: &str, secrets: &[&Location]) -> String {
    let mut out = String::with_capacity(text.len());
    let hidden =
        |at: usize| secrets.iter().any(|secret| (secret.range.start.offset as usize..secret.range.end.offset as usize).contains(&at));
    for (at, c) in text.char_indices() {
        out.push(if hidden(at) && c != '\n' && c != '\r' { '*' } else { c });
    }
    out
}
