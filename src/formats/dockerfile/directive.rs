//! Parser directives: `# name=value` in the leading lines.

/// A directive of a line, by byte ranges of that line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Directive {
    pub(crate) name: Name,
    pub(crate) key: (usize, usize),
    pub(crate) value: (usize, usize),
}

/// The directives that BuildKit knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Syntax,
    Escape,
    Check,
}

impl Name {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Escape => "escape",
            Self::Check => "check",
        }
    }
}

/// Reads a line without its line end, leading white space included. `None` for anything but a known directive.
pub(crate) fn read(line: &str) -> Option<Directive> {
    let hash = line.len() - line.trim_start().len();
    let after = line[hash..].strip_prefix('#')?;
    let name = after.trim_start();
    let key = line.len() - name.len();
    let len = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if len == 0 || !name.as_bytes()[0].is_ascii_alphabetic() {
        return None;
    }
    let blank = |c: char| matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ');
    let value = name[len..].trim_start_matches(blank).strip_prefix('=')?.trim_start_matches(blank);
    let start = line.len() - value.len();
    let value = value.trim_end_matches(blank);
    if value.is_empty() {
        return None;
    }
    let known = [Name::Syntax, Name::Escape, Name::Check];
    let name = known.into_iter().find(|known| known.text().eq_ignore_ascii_case(&name[..len]))?;
    Some(Directive { name, key: (key, key + len), value: (start, start + value.len()) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn names_are_read_whatever_their_case_and_spacing() {
        let line = "  #  Escape = `  ";
        let found = read(line).unwrap();
        assert_eq!((found.name, &line[found.key.0..found.key.1], &line[found.value.0..found.value.1]), (Name::Escape, "Escape", "`"));
        assert_eq!(read("# syntax="), None);
        assert_eq!(read("# other=1"), None);
        assert_eq!(read("# just a comment"), None);
    }
}
