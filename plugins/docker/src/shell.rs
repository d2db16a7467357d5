//! Shell text as it is written: which parts of a word the shell expands, and which of them it splits.

use plimsoll_sdk::docker::{Command, Instruction, Item};

/// What the shell puts in for a part of a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// `$NAME`, `${NAME…}`.
    Variable,
    /// `$(…)`.
    Substitution,
    /// `` `…` ``.
    Backticks,
    /// `$((…))`, `$#`, `$?` and others that are numbers.
    Number,
}

/// A part of a word that the shell expands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Expansion<'t> {
    pub(crate) kind: Kind,
    /// Whether it stands in double quotes, so that it is not split.
    pub(crate) quoted: bool,
    /// What it is of: the name, or the commands.
    pub(crate) inner: &'t str,
    /// Where it begins in the word.
    pub(crate) start: usize,
    /// The byte behind it.
    pub(crate) end: usize,
}

impl Expansion<'_> {
    /// The name of the variable; a modifier behind it is left out.
    pub(crate) fn name(&self) -> &str {
        let len = self.inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        &self.inner[..len]
    }
}

/// The commands of a RUN whose words stand in the file as the shell reads them; none of exec form, where JSON stands between.
pub(crate) fn commands<'a>(run: Instruction<'a>) -> impl Iterator<Item = Command<'a>> {
    let written = run.form().is("shell").is_true();
    run.commands().iter().filter(move |_| written)
}

/// The text of a word as written, quotes and all.
pub(crate) fn raw<'a>(word: Item<'a, &'a str>) -> &'a str {
    word.node().source_text()
}

/// What the shell expands in a word.
pub(crate) fn expansions(raw: &str) -> Vec<Expansion<'_>> {
    let bytes = raw.as_bytes();
    let mut found = vec![];
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\'' if !quoted => at = find(bytes, at + 1, b'\'') + 1,
            b'"' => {
                quoted = !quoted;
                at += 1;
            }
            b'`' => {
                let end = find(bytes, at + 1, b'`');
                found.push(Expansion {
                    kind: Kind::Backticks,
                    quoted,
                    inner: slice(raw, at + 1, end),
                    start: at,
                    end: (end + 1).min(raw.len()),
                });
                at = end + 1;
            }
            b'$' => {
                let (expansion, next) = dollar(raw, at, quoted);
                found.extend(expansion);
                at = next;
            }
            _ => at += 1,
        }
    }
    found
}

fn slice(raw: &str, start: usize, end: usize) -> &str {
    raw.get(start..end.min(raw.len())).unwrap_or_default()
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> usize {
    bytes.iter().skip(from).position(|byte| *byte == wanted).map_or(bytes.len(), |at| from + at)
}

fn dollar(raw: &str, at: usize, quoted: bool) -> (Option<Expansion<'_>>, usize) {
    let bytes = raw.as_bytes();
    let made = |kind, inner, end| (Some(Expansion { kind, quoted, inner, start: at, end }), end);
    match bytes.get(at + 1) {
        Some(b'(') => {
            let end = closing(bytes, at + 1, b'(', b')');
            let arithmetic = bytes.get(at + 2) == Some(&b'(') && raw[..end].ends_with("))");
            let kind = if arithmetic { Kind::Number } else { Kind::Substitution };
            made(kind, slice(raw, at + 2, end - 1), end)
        }
        Some(b'{') => {
            let end = closing(bytes, at + 1, b'{', b'}');
            let inner = slice(raw, at + 2, end - 1);
            made(if inner.starts_with('#') { Kind::Number } else { Kind::Variable }, inner, end)
        }
        Some(b'#' | b'?' | b'$' | b'!') => made(Kind::Number, slice(raw, at + 1, at + 2), at + 2),
        Some(b'@' | b'*' | b'0'..=b'9') => made(Kind::Variable, slice(raw, at + 1, at + 2), at + 2),
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
            let len = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
            made(Kind::Variable, slice(raw, at + 1, at + 1 + len), at + 1 + len)
        }
        // `$'…'` is text.
        Some(b'\'') if !quoted => (None, find(bytes, at + 2, b'\'') + 1),
        _ => (None, at + 1),
    }
}

/// Behind the bracket that closes the one at `open`, quotes passed over.
fn closing(bytes: &[u8], open: usize, left: u8, right: u8) -> usize {
    let mut depth = 0_u32;
    let mut at = open;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\'' => at = find(bytes, at + 1, b'\''),
            byte if byte == left => depth += 1,
            byte if byte == right => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// A word with everything that stands in quotes or is escaped or expanded left out: what the shell itself gives a meaning to.
pub(crate) fn bare(raw: &str) -> String {
    let bytes = raw.as_bytes();
    let expansions = expansions(raw);
    let mut kept = String::new();
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        if let Some(expansion) = expansions.iter().find(|expansion| expansion.start == at) {
            at = expansion.end;
            continue;
        }
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            b'\'' if !quoted => at = find(bytes, at + 1, b'\''),
            byte if !quoted => kept.push(char::from(byte)),
            _ => {}
        }
        at += 1;
    }
    kept
}

/// The command that a pipe leads from, if its output goes straight into this one.
pub(crate) fn fed_by<'a>(all: &[Command<'a>], at: usize) -> Option<Command<'a>> {
    let command = all.get(at)?;
    let before = all.get(at.checked_sub(1)?)?;
    let same = before.depth().known() == command.depth().known();
    (command.operator().is_any(&["|", "|&"]).is_true() && same).then_some(*before)
}

#[cfg(test)]
mod tests {
    use super::{Kind, bare, expansions};

    #[test]
    fn expansions_are_found_with_their_quotes() {
        let found = |raw: &'static str| expansions(raw).iter().map(|found| (found.kind, found.quoted, found.inner)).collect::<Vec<_>>();
        assert_eq!(found("a$B/\"${C:-x}\"'$D'"), [(Kind::Variable, false, "B"), (Kind::Variable, true, "C:-x")]);
        assert_eq!(
            found("$(a \"$(b)\")x`c`$((1+2))$#"),
            [
                (Kind::Substitution, false, "a \"$(b)\""),
                (Kind::Backticks, false, "c"),
                (Kind::Number, false, "(1+2)"),
                (Kind::Number, false, "#"),
            ]
        );
        assert_eq!(found(r"\$A$'x'$"), []);
    }

    #[test]
    fn what_is_bare_has_no_quotes() {
        assert_eq!(bare("a{b,c}"), "a{b,c}");
        assert_eq!(bare("'a{b,c}'\"*\"\\*${X}d"), "d");
    }

    #[test]
    fn broken_words_do_no_harm() {
        for raw in ["$(", "${", "'", "\"", "`", "\\", "$", "$((", "é$é"] {
            expansions(raw);
            bare(raw);
        }
    }
}
